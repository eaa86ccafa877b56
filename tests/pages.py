"""Owns the writing of what is made of the code: pages of docs/ (settings, codes, old settings, the guide's snippets).

The table of the configurations in values/, which `explain` tells, is written with them.
"""

from __future__ import annotations

from pathlib import Path

from chart_py.reference import old_setting, recipe
from chart_py.reference.editions_page import editions_page
from chart_py.reference.pages import errors_page, values_page
from tests.values import guide_snippets

DOCS = Path(__file__).parents[1] / "docs"
VALUES = DOCS.parent / "values"
PAGES = {
    "values": values_page,
    "errors": errors_page,
    "editions": editions_page,
    "guide-settings": old_setting.page,
    "guide-snippets": guide_snippets.page,
}


def main() -> None:
    """Write each page anew and say how long it is."""
    for name, made in PAGES.items():
        page, file = made(), DOCS / f"{name}.md"
        file.write_text(page, encoding="utf-8")
        print(f"docs/{file.name}: {len(page.splitlines())} lines")
    recipe.TABLE.write_text(recipe.table(VALUES), encoding="utf-8")


if __name__ == "__main__":
    main()
