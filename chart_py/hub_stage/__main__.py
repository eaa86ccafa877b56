"""Owns the process that has JupyterHub loaded: it takes one request a line and gives each a process of its own.

Run as a script by the hub's Python: a line of JSON comes in, lines of JSON go out, the last one `{"event": "end"}`.
The process itself never runs a line that a user wrote, so one process serves many rehearsals.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path

# The package of this file, without the rest of chart_py and without the packages that chart_py has for itself.
_package = types.ModuleType("chart_py")
_package.__path__ = [str(Path(__file__).resolve().parent.parent)]
sys.modules.setdefault("chart_py", _package)

from chart_py.hub_stage.serving import serve  # noqa: E402

if __name__ == "__main__":
    serve()
