"""Owns the writing of the pages of docs/ that are made: words, codes, old words, the guide's snippets."""

from __future__ import annotations

from pathlib import Path

from chart_py.reference import old_word
from chart_py.reference.pages import errors_page, values_page
from tests.values import guide_snippets

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {
    "values": values_page,
    "errors": errors_page,
    "guide-words": old_word.page,
    "guide-snippets": guide_snippets.page,
}


def main() -> None:
    """Write each page anew and say how long it is."""
    for name, made in PAGES.items():
        page, file = made(), DOCS / f"{name}.md"
        file.write_text(page, encoding="utf-8")
        print(f"docs/{file.name}: {len(page.splitlines())} lines")


if __name__ == "__main__":
    main()
