"""`Pattern`: a regular expression that is compiled when it is first used.

A command uses few of the expressions that its modules name, and compiling all of them took a tenth of its start.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any


class _Pattern:
    """Stands for `re.compile(text, flags)` and has the same methods."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        method = getattr(re.compile(self._text, self._flags), name)
        # The next use finds the method itself.
        setattr(self, name, method)
        return method


if TYPE_CHECKING:
    Pattern = re.compile
else:
    Pattern = _Pattern
