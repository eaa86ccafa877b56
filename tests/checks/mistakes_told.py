"""Owns what is told of the configurations in mistakes/, each of which somebody could have written.

`python -m tests.checks.mistakes_told` writes it anew, into a .txt beside each, for a person to read.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from chart_py.checks.everything import validate
from chart_py.checks.objects import kubeconform

FOLDER = Path(__file__).parent / "mistakes"


def told(file: Path) -> str:
    """What `validate` prints of a file in a terminal of 80 columns; kubeconform's words for objects may be others."""
    found = kubeconform.find
    kubeconform.find = lambda *_: None
    try:
        text = io.StringIO(file.read_text(encoding="utf-8"))
        text.name = file.name
        result = validate([text])
    finally:
        kubeconform.find = found
    return "".join(finding.text() + "\n" for finding in result.findings)


def main() -> int:
    """Write what is told of each file."""
    for file in sorted(FOLDER.glob("*.yaml")):
        file.with_suffix(".txt").write_text(told(file), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
