"""How often and how long a request is tried again."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

# What the server, or something before it, says when it is busy or not quite there; nothing about the request is wrong.
PASSING = frozenset({408, 429, 500, 502, 503, 504})

FIRST_SECONDS = 6.0
"""How long a server is tried that has never answered: it is rather not there than busy."""


@dataclass(frozen=True)
class Patience:
    """How a request is repeated while the fault may pass. All times are seconds.

    The pauses double from `first` up to `longest`; `total` is how long after the first failure a new try may begin.
    `connect` and `read` bound a single try. A server's Retry-After is obeyed as far as `total` allows.
    """

    first: float = 0.1
    longest: float = 3.0
    total: float = 30.0
    connect: float = 5.0
    read: float = 30.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    jitter: Callable[[], float] = field(default=random.random, repr=False)

    def tries(self) -> Tries:
        """The tries of one request."""
        return Tries(self)


class Tries:
    """The tries of one request: iterate; a `wait` says that this one failed and pauses, unless the patience is over."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._pause = patience.first
        self._begin: float | None = None
        self._over = False
        self.count = 0

    def __iter__(self) -> Iterator[int]:
        while not self._over:
            self.count += 1
            yield self.count

    def wait(self, at_least: float = 0.0, within: float = math.inf) -> bool:
        """Pause before the next try, `at_least` as long as the server asked; False where there will be no next one.

        `within` are the seconds after the first failure within which it has to begin, if the patience is longer.
        """
        now = self._patience.clock()
        if self._begin is None:
            self._begin = now
        # Half of the pause is random, so that many clients do not come back at the same moment.
        pause = max(at_least, self._pause * (0.5 + 0.5 * self._patience.jitter()))
        self._pause = min(self._pause * 2, self._patience.longest)
        if now + pause > self._begin + min(self._patience.total, within):
            self._over = True
            return False
        self._patience.sleep(pause)
        return True
