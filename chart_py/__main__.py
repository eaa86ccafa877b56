"""`python -m chart_py`."""

import gc
import sys
from collections.abc import Sequence

# A command lives for a fraction of a second; collecting what it has just imported is a tenth of that.
gc.disable()

from chart_py import cli  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    code = cli.main(arguments)
    # Python's last act is to look through all that it has for garbage, though the process ends anyway.
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(main())
