"""The keys within settings whose content has a shape of its own: profiles, services, roles, files, images.

What is known of a key stands here, as it does for a setting in its section. Checks, `explain` and the JSON schema read
it; a render loads none of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chart_py.finding import Path
from chart_py.values.expectation import Expectation, Kind, Taken


@dataclass(frozen=True)
class Entry:
    """One key: what it takes, what it does, its default and an example.

    `entries` are the keys below it. They are those of each item where `each` is `[]`, and of each value where `each`
    is the placeholder of a name of the user's own, such as `OPTION`. `traits` names the class whose traits the keys
    are, with `{value}` filled into any of them where `filled` is true; `fields` is true where they are those of a
    JupyterHub service. `closed` is true where other keys are an error. `beside` is what an example needs beside it.
    """

    name: str
    takes: Expectation
    description: str
    default: Any = None
    example: Any = None
    required: bool = False
    each: str = ""
    entries: tuple[Entry, ...] = ()
    traits: str = ""
    filled: bool = False
    fields: bool = False
    closed: bool = False
    beside: dict[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The keys below it."""
        return tuple(entry.name for entry in self.entries)

    def below(self, name: str) -> Entry | None:
        """One of the keys below it."""
        return next((entry for entry in self.entries if entry.name == name), None)


_TEXT, _BOOL, _MAP = Expectation.of(Kind.TEXT), Expectation.of(Kind.BOOL), Expectation.of(Kind.MAP)
_NAMED = {"display_name": "Large"}
_TEXTS = Expectation((Taken(Kind.LIST, items=Kind.TEXT),))
_MERGED = "Maps are merged with the trait's value, and null removes a key; anything else replaces it."

OVERRIDE = Entry(
    "kubespawner_override",
    _MAP,
    f"Traits of KubeSpawner for servers started with this profile. {_MERGED}",
    example={"mem_limit": "8G"},
    traits="KubeSpawner",
    beside=_NAMED,
)
CHOICE = Entry(
    "choices",
    _MAP,
    "The predefined choices of the option: a map from any name to a choice.",
    example={"large": {"display_name": "Large", "kubespawner_override": {"mem_limit": "8G"}}},
    each="CHOICE",
    entries=(
        Entry("display_name", _TEXT, "The choice's name in the list.", example="Large"),
        Entry("default", _BOOL, "Preselects this choice; the first one where none is.", False, True),
        Entry(
            "kubespawner_override",
            _MAP,
            f"Traits of KubeSpawner for this choice, applied after those of the profile. {_MERGED}",
            example={"mem_limit": "8G"},
            traits="KubeSpawner",
        ),
    ),
)
UNLISTED = Entry(
    "unlisted_choice",
    _MAP,
    "A text field for a value that is not among the choices.",
    example={
        "enabled": True,
        "display_name": "Image",
        "validation_regex": "^quay.io/.+:.+$",
        "kubespawner_override": {"image": "{value}"},
    },
    entries=(
        Entry("enabled", _BOOL, "Shows the text field.", False, True),
        Entry("display_name", _TEXT, "The text field's label.", example="Image"),
        Entry(
            "display_name_in_choices",
            _TEXT,
            "The item in the list of choices that leads to the text field.",
            "Other...",
            "Another image",
        ),
        Entry(
            "validation_regex",
            _TEXT,
            "A regular expression that the value has to match from its beginning.",
            example="^quay.io/.+:.+$",
        ),
        Entry(
            "validation_message",
            _TEXT,
            "Shown to users whose value does not match validation_regex.",
            example="An image of quay.io with its tag",
        ),
        Entry(
            "kubespawner_override",
            _MAP,
            "Traits of KubeSpawner for this choice; {value} in a text is replaced by what the user entered.",
            example={"image": "{value}"},
            traits="KubeSpawner",
            filled=True,
        ),
    ),
)
OPTION = Entry(
    "profile_options",
    _MAP,
    "Further choices within the profile, each shown as a drop-down list: a map from any name to an option.",
    example={"size": {"display_name": "Size", "choices": CHOICE.example}},
    each="OPTION",
    beside=_NAMED,
    entries=(Entry("display_name", _TEXT, "The label of the drop-down list.", example="Size"), CHOICE, UNLISTED),
)
PROFILE = Entry(
    "profileList",
    Expectation((Taken(Kind.LIST, items=Kind.MAP),)),
    "The profiles that users choose from when they start a server.",
    each="[]",
    entries=(
        Entry("display_name", _TEXT, "The profile's name in the list.", example="Large", required=True),
        Entry(
            "slug",
            _TEXT,
            "The profile's name in URLs and in the hub's database; made of display_name where it is not set.",
            example="large",
            beside=_NAMED,
        ),
        Entry(
            "description",
            _TEXT,
            "Text below the name; it may contain HTML.",
            example="8 GB of memory",
            beside=_NAMED,
        ),
        Entry("default", _BOOL, "Preselects this profile; the first one where none is.", False, True, beside=_NAMED),
        OVERRIDE,
        OPTION,
    ),
)
SERVICE = Entry(
    "services",
    _MAP,
    "Services that use the hub's API: a map from any name to a service.",
    each="NAME",
    entries=(
        Entry(
            "apiToken",
            _TEXT,
            "The service's token for the hub's API; generated once and kept where it is not set.",
            example="...",
        ),
    ),
    fields=True,
    closed=True,
)
ROLE = Entry(
    "loadRoles",
    _MAP,
    "Roles: a map from any name to a role.",
    each="NAME",
    entries=(
        Entry("name", _TEXT, "The role's name, where it differs from its key.", example="grader"),
        Entry("description", _TEXT, "What the role is for.", example="Reads who is active"),
        Entry("scopes", _TEXTS, "What the role allows.", example=["read:users:activity"]),
        Entry("users", _TEXTS, "Users that have the role.", example=["ada"]),
        Entry("services", _TEXTS, "Services that have the role.", example=["exporter"]),
        Entry("groups", _TEXTS, "Groups whose members have the role.", example=["teachers"]),
    ),
)
FILE = Entry(
    "extraFiles",
    _MAP,
    "Files to mount: a map from any name to a file.",
    each="NAME",
    closed=True,
    entries=(
        Entry(
            "mountPath",
            _TEXT,
            "The file's absolute path in the container.",
            example="/etc/motd",
            required=True,
            beside={"stringData": "welcome"},
        ),
        Entry("stringData", _TEXT, "The content, as text.", example="welcome", beside={"mountPath": "/etc/motd"}),
        Entry(
            "data",
            Expectation((Taken(Kind.MAP), Taken(Kind.LIST))),
            "The content, as data: written as JSON, TOML or YAML, by the ending of mountPath.",
            example={"ServerApp": {"shutdown_no_activity_timeout": 3600}},
            beside={"mountPath": "/etc/jupyter/jupyter_server_config.json"},
        ),
        Entry(
            "binaryData",
            _TEXT,
            "The content, encoded in base64.",
            example="d2VsY29tZQo=",
            beside={"mountPath": "/etc/motd"},
        ),
        Entry(
            "mode",
            Expectation.of(Kind.INTEGER),
            "The file's permissions, usually in octal: 0644.",
            example=0o755,
            beside={"mountPath": "/usr/local/bin/hello", "stringData": "#!/bin/sh\necho hello\n"},
        ),
    ),
)
_R = {"name": "quay.io/jupyter/r-notebook"}
IMAGE = Entry(
    "extraImages",
    _MAP,
    "More images to pull: a map from any name to an image.",
    each="NAME",
    entries=(
        Entry("name", _TEXT, "The image's name without its tag.", example="quay.io/jupyter/r-notebook"),
        Entry("tag", _TEXT, "The image's tag.", example="2026-11-02", beside=_R),
        Entry(
            "pullPolicy",
            Expectation((Taken(Kind.CHOICE, ("IfNotPresent", "Always", "Never")),)),
            "When the image is pulled.",
            example="Always",
            beside=_R,
        ),
    ),
)
ENTRIES: dict[Path, Entry] = {
    ("hub", "extraFiles"): FILE,
    ("hub", "loadRoles"): ROLE,
    ("hub", "services"): SERVICE,
    ("prePuller", "extraImages"): IMAGE,
    ("singleuser", "extraFiles"): FILE,
    ("singleuser", "profileList"): PROFILE,
}
"""The settings whose content is described, by their paths."""


def every(entry: Entry) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """Every key below an entry, at any depth, with its path from there; the keys of each map have its placeholder."""
    above = (entry.each,) if entry.each else ()
    for inner in entry.entries:
        yield (*above, inner.name), inner
        yield from (((*above, inner.name, *path), found) for path, found in every(inner))
