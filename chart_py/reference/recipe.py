"""The configurations in `values/`, each for one need, as they are told to whoever has no clone: from a made table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath

from chart_py.finding import Path
from chart_py.reference.explanation import Explanation

TABLE = FilePath(__file__).parent / "tables" / "recipes.json"


@dataclass(frozen=True)
class Recipe:
    """One configuration: the name of its file without the ending, its text, and the need that it is for."""

    name: str
    text: str

    @property
    def need(self) -> str:
        """What it is for: the first sentence of the comment that the file opens with."""
        first = self.text.partition("\n")[0].removeprefix("# ")
        return first.partition(". ")[0].removesuffix(".")


@cache
def recipes() -> tuple[Recipe, ...]:
    """All of them, by name."""
    found = json.loads(TABLE.read_text(encoding="utf-8"))
    return tuple(Recipe(name, text) for name, text in found.items())


def explanation(path: Path) -> Explanation | None:
    """The configuration itself, as `values/NAME.yaml` or `NAME.yaml`; None where there is none of that name."""
    wanted = ".".join(str(step) for step in path).removeprefix("values/")
    found = (each for each in recipes() if f"{each.name}.yaml" == wanted)
    return next((Explanation(f"values/{each.name}.yaml", raw=each.text) for each in found), None)


def table(folder: FilePath) -> str:
    """The table of the files in a folder."""
    texts = {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.yaml"))}
    return json.dumps(texts, indent=1, ensure_ascii=False) + "\n"
