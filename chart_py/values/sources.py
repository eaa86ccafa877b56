"""Where each setting of the merged values comes from: the layers, the last one first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from chart_py.finding import Finding, Path, Place, dotted
from chart_py.values.layer import Layer


class Sources:
    """Where each word of the merged values comes from: the layers, the last one first."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        self.layers = tuple(layers)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the layers, in the order in which they were given."""
        return tuple(layer.name for layer in self.layers)

    def layer(self, path: Path) -> Layer | None:
        """The layer that has the last say at `path`, or at the nearest word above it."""
        for end in range(len(path), 0, -1):
            for layer in reversed(self.layers):
                if layer.has(path[:end]):
                    return layer
        return self.layers[-1] if self.layers else None

    def place(self, path: Path, *, of_value: bool = False) -> Place | None:
        """Where the word at `path` stands; None where no layer says anything."""
        layer = self.layer(path)
        return layer.place(path, of_value=of_value) if layer else None

    def text(self, path: Path) -> str | None:
        """The source text of the scalar at `path`; None where no layer has one."""
        for layer in reversed(self.layers):
            if layer.has(path):
                return layer.text(path)
        return None

    def name(self, path: Path) -> str:
        """The word at `path` as the user wrote it, with dots."""
        layer = self.layer(path)
        return dotted(layer.written(path)) if layer else dotted(path)

    def is_unknown(self, path: Path) -> bool:
        """Whether the value at `path` is not known yet, so that nothing can be said of it."""
        layer = self.layer(path)
        return layer is not None and layer.written(path) in layer.unknown

    def in_own_words(self, finding: Finding) -> Finding:
        """`finding` about the word as the user wrote it, where that is an older one."""
        layer = self.layer(finding.path)
        written = layer.written(finding.path) if layer else finding.path
        return finding if written == finding.path else replace(finding, path=written)
