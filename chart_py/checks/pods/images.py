"""Images wherever a configuration names one: references that are none, and such as can change at any time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path
from chart_py.values.expectation import described
from chart_py.values.formats import image_reference
from chart_py.values.parts import Image

# Texts of the user's own, whose keys mean what they like.
_OWN: tuple[Path, ...] = (
    ("custom",),
    ("global",),
    ("hub", "extraFiles"),
    ("singleuser", "extraFiles"),
    ("hub", "templateVars"),
    ("hub", "services"),
)
_SPAWNERS = ("KubeSpawner", "Spawner")


def images(facts: Facts) -> Iterator[tuple[Path, str]]:
    """Every image that a configuration names as one text, with its place: of containers, of profiles, of traits."""
    for path, text in _texts(facts.loaded.tree, ()):
        # Braces are filled in by KubeSpawner; what a person or a program has to fill in is told as such.
        if facts.written(*path[:1]) and not any(sign in text for sign in "{<$"):
            yield path, text
    for name, extra in facts.values.prePuller.extraImages.items():
        if isinstance(extra.get("name"), str):
            text = f"{extra['name']}:{extra['tag']}" if extra.get("tag") else extra["name"]
            yield ("prePuller", "extraImages", name), text


def _texts(tree: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if path in _OWN or (path[:2] == ("hub", "config") and len(path) == 3 and path[2] not in _SPAWNERS):
        return
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in items:
        if step == "image" and isinstance(value, str):
            yield (*path, step), value
        else:
            yield from _texts(value, (*path, step))


@row(
    "image-reference",
    Level.ERROR,
    remedy="for example: quay.io/jupyter/scipy-notebook:2026-11-02",
    example="singleuser: {profileList: [{display_name: A, kubespawner_override: {image: 'foo bar'}}]}",
)
def not_a_reference(facts: Facts) -> Iterator[Said]:
    """An image is not a valid reference: no pod starts with it."""
    for path, text in images(facts):
        for fault in image_reference(text):
            yield Said(path, f"{fault.message}, got {described(text)}", f"for example: {fault.example}")


@row(
    "loose-tag",
    Level.WARNING,
    remedy="Use a tag that does not change, such as a date or a commit.",
    example="singleuser: {image: {name: quay.io/jupyter/scipy-notebook, tag: latest}}",
)
def loose(facts: Facts) -> Iterator[Said]:
    """An image can change at any time: it has no tag, or `latest`."""
    for path in sorted(facts.below("image"), key=str):
        image = facts.at(path)
        name = f"{image.name}:{image.tag}" if isinstance(image, Image) and image.tag else getattr(image, "name", "")
        if isinstance(image, Image) and name and (wrong := _loose(name)):
            yield Said((*path, "tag" if image.tag else "name"), wrong)
    for path, text in images(facts):
        if text and not any(True for _ in image_reference(text)) and (wrong := _loose(text)):
            yield Said(path, wrong)


def _loose(image: str) -> str:
    tag = image.rpartition("/")[2].partition(":")[2]
    if "@" in image or tag not in ("", "latest"):
        return ""
    return f"the image {image} has {'the tag latest' if tag else 'no tag'}: it may change at any time"


RULES = rules_of(globals())
