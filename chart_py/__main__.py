"""`python -m chart_py`."""

import gc
import signal
import sys
from collections.abc import Sequence

# A command lives for a fraction of a second; collecting what it has just imported is a tenth of that.
gc.disable()

from chart_py import cli  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    for name in ("SIGTERM", "SIGHUP"):
        # Who stops a job or closes a terminal means what Ctrl-C means; what `nohup` has ignored stays ignored.
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    code = cli.main(arguments)
    # Python's last act is to look through all that it has for garbage, though the process ends anyway.
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(main())
