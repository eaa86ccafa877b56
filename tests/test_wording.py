"""What users read has the wording of docs/wording.md: its left column stands in no message, help text or page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "wording.md"
# Made from the guide of 2018, whose snippets are quoted.
QUOTES = {"guide-snippets.md"}
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def phrases() -> list[str]:
    """The left column of the table."""
    rows = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) >= 20
    return rows


def pattern() -> re.Pattern[str]:
    """Any of the phrases, at the beginning of a word, whatever its capitals and line breaks."""
    each = (
        re.sub(r"\\ |\s+", r"\\s+", re.escape(phrase)) + (r"\b" if phrase[-1].isalnum() else "") for phrase in phrases()
    )
    return re.compile(rf"(?i)(?<![\w-])(?:{'|'.join(each)})")


def texts(file: Path) -> Iterator[tuple[int, str]]:
    """The texts in a module, with their lines: messages, help, docstrings, and the plain parts of f-strings."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("file", sorted((ROOT / "chart_py").rglob("*.py")), ids=lambda f: str(f.relative_to(ROOT)))
def test_modules(file: Path) -> None:
    found = [(line, m[0], text[:80]) for line, text in texts(file) if (m := pattern().search(text))]
    assert found == []


@pytest.mark.parametrize("page", [p for p in PAGES if p != PAGE and p.name not in QUOTES], ids=lambda p: p.name)
def test_pages(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [(text.count("\n", 0, m.start()) + 1, m[0]) for m in pattern().finditer(text)] == []
