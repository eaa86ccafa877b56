"""`python -m chart_py`."""

import sys

from chart_py.cli import main

if __name__ == "__main__":
    sys.exit(main())
