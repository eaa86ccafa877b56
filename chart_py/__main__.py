"""`python -m chart_py`."""

import gc
import sys

# A command lives for a fraction of a second; collecting what it has just imported is a tenth of that.
gc.disable()

from chart_py.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
