"""What a row of the table of changes is: one named change between two chart versions, with all that is known of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


class Absent(enum.Enum):
    """Stands for the value of a setting that an edition does not have."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent.ABSENT


class Severity(enum.IntEnum):
    """How much a change asks of people, the most serious first.

    ACTION: something has to be done before, or the hub or its users lose something. USERS: users notice it. ADMINS:
    only those who run the hub notice it. QUIET: nobody does.
    """

    ACTION = 1
    USERS = 2
    ADMINS = 3
    QUIET = 4


@dataclass(frozen=True)
class Setting:
    """What a change does to one setting, or to a whole section of them.

    `path` is its path with dots, `before` and `after` its defaults: ABSENT where the chart does not know the setting,
    None where it has no default. `reads` is what builders read where an edition does not know the setting; the default
    of the models where it is ABSENT too. `instead` is the setting that takes its place, where it was renamed. `took` is
    what it took before as an annotation, where it takes more now.
    """

    path: str
    before: Any = ABSENT
    after: Any = None
    reads: Any = ABSENT
    instead: str = ""
    took: Any = None

    @property
    def steps(self) -> tuple[str, ...]:
        """The path's steps."""
        return tuple(self.path.split("."))

    @property
    def added(self) -> bool:
        """Whether the change brings the setting."""
        return self.before is ABSENT

    @property
    def removed(self) -> bool:
        """Whether the change takes the setting away."""
        return self.after is ABSENT


@dataclass(frozen=True)
class Change:
    """One named change.

    `name` is what builders and the hub's files ask an edition for, `since` the first release that has it, `what` says
    what changes and `why` why, each in a sentence. `noticed` is what users or administrators see of it, `before` what
    to do before the upgrade; both are empty where there is nothing. `settings` are the settings that it touches,
    `objects` the objects, as `Deployment/hub`, `images` the settings of the images that are others for it, `hub` what
    the hub's files do differently. `concerns` are settings beside its own that make it matter to a configuration which
    sets them, the last key as a pattern such as `hub.config.[!A-Z]*`; `*` alone where it matters to every hub.
    """

    name: str
    since: str
    severity: Severity
    what: str
    why: str
    noticed: str = ""
    before: str = ""
    settings: tuple[Setting, ...] = ()
    objects: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    hub: str = ""
    concerns: tuple[str, ...] = ()
