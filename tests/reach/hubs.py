"""Owns hubs for the tests of reach: from values to the release that policies see, and to one answer."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.editions import TODAY
from chart_py.manifest import Manifest
from chart_py.reach.matrix import Edge, matrix
from chart_py.reach.release import Release, release
from chart_py.reach.settings import Settings
from chart_py.reach.targets import named
from chart_py.rendering import context_for, render
from chart_py.values.load import Loaded, load_values
from chart_py.views.reach_text import matrix_lines


@dataclass(frozen=True)
class Hub:
    """A configuration: what it renders, and what policies see of it."""

    loaded: Loaded
    manifests: list[Manifest]
    release: Release
    settings: Settings

    def edges(self, who: str, whom: str) -> list[Edge]:
        """The edges between two parties, as the verb has them."""
        asking = [each.party for each in named(self.release, who)]
        return list(matrix(self.release, asking, named(self.release, whom)).edges)

    def answer(self, who: str, whom: str) -> str:
        """The one answer between two parties."""
        found = {piece.answer.word for edge in self.edges(who, whom) for piece in edge.pieces}
        assert len(found) == 1, found
        return found.pop()

    def shown(self, width: int = 80) -> str:
        """The matrix as people see it."""
        return "\n".join(matrix_lines(matrix(self.release), width)) + "\n"


def hub(values: str | dict[str, Any] = "", chart_version: str = TODAY) -> Hub:
    """The hub that values make, as YAML or as a dictionary."""
    source: Any = values
    if isinstance(values, str):
        source = io.StringIO(values)
        source.name = "config.yaml"
    loaded = load_values([source], chart_version=chart_version)
    context = context_for(loaded, Context(), token=lambda: MASK)
    manifests = render(loaded, context)
    return Hub(loaded, manifests, release(manifests, "jhub"), Settings(loaded, context))
