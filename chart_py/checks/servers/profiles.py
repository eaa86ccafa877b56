"""Profiles in full: what a server cannot start with, what has no effect, what takes the home away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from chart_py.checks.hub import image as hub_image
from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path
from chart_py.values.expectation import described
from chart_py.values.singleuser import Singleuser

_PROFILE = "singleuser:\n  profileList:\n    - display_name: Large\n"


_OPTION = _PROFILE + "      profile_options:\n        image:\n          display_name: Image\n"


LIST: Path = ("singleuser", "profileList")
_OWN = ("display_name", "slug", "description", "default", "kubespawner_override", "profile_options")


class Override(NamedTuple):
    """A `kubespawner_override` of a profile, of a choice, or of an unlisted choice: where it is, what it sets."""

    path: Path
    given: dict[str, Any]


def profiles(facts: Facts) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The profiles that are maps, each with its place."""
    for index, profile in enumerate(facts.values.singleuser.profileList):
        if isinstance(profile, dict):
            yield (*LIST, index), profile


def holders(facts: Facts) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Whatever may have a `kubespawner_override`: profiles, choices of their options, unlisted choices."""
    for path, profile in profiles(facts):
        yield path, profile
        for name, option in _maps(profile.get("profile_options")):
            here = (*path, "profile_options", name)
            for key, choice in _maps(option.get("choices")):
                yield (*here, "choices", key), choice
            if isinstance(unlisted := option.get("unlisted_choice"), dict):
                yield (*here, "unlisted_choice"), unlisted


def overrides(facts: Facts) -> Iterator[Override]:
    """Every override that is a map."""
    for path, holder in holders(facts):
        if isinstance(given := holder.get("kubespawner_override"), dict):
            yield Override((*path, "kubespawner_override"), given)


def _maps(value: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    for key, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(inner, dict):
            yield key, inner


@row(
    "profile-override-empty",
    Level.ERROR,
    remedy="Remove the key, or write kubespawner_override: {}",
    example=_PROFILE + "      kubespawner_override:\n",
)
def empty_override(facts: Facts) -> Iterator[Said]:
    """An override is null: KubeSpawner fails as soon as somebody chooses it."""
    for path, holder in holders(facts):
        if "kubespawner_override" in holder and holder["kubespawner_override"] is None:
            message = "expected a map, got null; servers of this profile do not start"
            yield Said((*path, "kubespawner_override"), message)


@row(
    "profile-beside-override",
    Level.WARNING,
    remedy="Move it below kubespawner_override.",
    example=_PROFILE + "      mem_limit: 16G\n",
)
def beside_override(facts: Facts) -> Iterator[Said]:
    """Settings of servers stand beside `kubespawner_override`, where KubeSpawner does not look."""
    traits = hub_image.traits("KubeSpawner")
    words = {field.alias or name for name, field in Singleuser.__pydantic_fields__.items()}
    for path, profile in profiles(facts):
        for key in profile:
            if key in _OWN:
                continue
            if key in traits:
                advice = f"Move it below kubespawner_override: {{{key}: ...}}"
                yield Said((*path, key), "no effect here: traits belong below kubespawner_override", advice)
            elif key in words:
                advice = "Use the trait of KubeSpawner that it sets, below kubespawner_override; see `explain`."
                message = f"no effect here: {key} is a setting of singleuser, not of a profile"
                yield Said((*path, key), message, advice)


@row(
    "profile-options",
    Level.ERROR,
    remedy="Write profile_options: {image: {display_name: Image, choices: {small: {display_name: Small}}}}",
    example=_PROFILE + "      profile_options: {image: {display_name: Image, choices: [small]}}\n",
)
def option_shapes(facts: Facts) -> Iterator[Said]:
    """Options and choices are maps from a name; a list, or an option with nothing to choose, breaks the page."""
    for path, profile in profiles(facts):
        options = profile.get("profile_options")
        here = (*path, "profile_options")
        if options is not None and not isinstance(options, dict):
            yield Said(here, f"expected a map from names to options, got {described(options)}")
            continue
        for name, option in (options or {}).items():
            if not isinstance(option, dict):
                yield Said((*here, name), f"expected a map, got {described(option)}")
                continue
            choices, unlisted = option.get("choices"), option.get("unlisted_choice")
            if choices is not None and not isinstance(choices, dict):
                yield Said((*here, name, "choices"), f"expected a map from names to choices, got {described(choices)}")
            elif not choices and not (isinstance(unlisted, dict) and unlisted.get("enabled")):
                yield Said((*here, name), "this option has neither choices nor an unlisted_choice")
            for key, choice in (choices or {}).items() if isinstance(choices, dict) else ():
                if not isinstance(choice, dict):
                    yield Said((*here, name, "choices", key), f"expected a map, got {described(choice)}")


@row(
    "tolerations-replaced",
    Level.NOTE,
    remedy="Repeat the tolerations of scheduling.userPods.tolerations in the list.",
    example=_PROFILE + "      kubespawner_override: {tolerations: [{key: gpu, operator: Exists}]}\n",
)
def tolerations_replaced(facts: Facts) -> Iterator[Said]:
    """A profile's tolerations replace those of all servers: its servers no longer fit on the nodes for users."""
    own = facts.values.scheduling.userPods.tolerations or facts.values.singleuser.extraTolerations
    for override in overrides(facts):
        items = override.given.get("tolerations")
        if own and isinstance(items, list) and not any(_is_dedicated(each) for each in items):
            message = "this list replaces the tolerations of all servers, hub.jupyter.org/dedicated too"
            yield Said((*override.path, "tolerations"), message)


def _is_dedicated(item: Any) -> bool:
    return isinstance(item, dict) and "dedicated" in str(item.get("key", "dedicated"))


@row(
    "label-type",
    Level.ERROR,
    remedy="Put quotes around the value.",
    example=_PROFILE + "      kubespawner_override: {node_selector: {pool: 1}}\n",
)
def selectors(facts: Facts) -> Iterator[Said]:
    """Labels and selectors are text: the API server refuses a number, or true or false."""
    given: list[tuple[Path, dict[str, Any]]] = [(each.path, each.given) for each in overrides(facts)]
    spawner = facts.config.get("KubeSpawner")
    if isinstance(spawner, dict):
        given.append((("hub", "config", "KubeSpawner"), spawner))
    for path, traits in given:
        for trait in ("node_selector", "extra_labels", "extra_annotations", "storage_extra_labels"):
            labels = traits.get(trait)
            for name, value in labels.items() if isinstance(labels, dict) else ():
                if isinstance(value, (bool, int, float)):
                    shown = str(value).lower() if isinstance(value, bool) else str(value)
                    message = f"expected text, got {shown}; servers do not start"
                    yield Said((*path, trait, name), message, f'Write {name}: "{shown}"')


@row(
    "profile-no-name",
    Level.WARNING,
    remedy="Add display_name.",
    example=_OPTION + "          choices: {small: {kubespawner_override: {image: 'example/small:1'}}}\n",
)
def nameless(facts: Facts) -> Iterator[Said]:
    """Users see no name for an option or a choice."""
    for path, profile in profiles(facts):
        for name, option in _maps(profile.get("profile_options")):
            here = (*path, "profile_options", name)
            if not option.get("display_name"):
                yield Said(here, "this option has no display_name; users see an empty label")
            for key, choice in _maps(option.get("choices")):
                if not choice.get("display_name"):
                    yield Said((*here, "choices", key), "this choice has no display_name; users see an empty label")


@row(
    "profile-pattern",
    Level.ERROR,
    remedy="Close brackets, and escape special characters with a backslash.",
    example=_OPTION + "          unlisted_choice: {enabled: true, validation_regex: '[a-z'}\n",
)
def bad_pattern(facts: Facts) -> Iterator[Said]:
    """The pattern that checks what users enter is not a valid regular expression."""
    for path, holder in holders(facts):
        pattern = holder.get("validation_regex")
        if isinstance(pattern, str):
            try:
                re.compile(pattern)
            except re.error as error:
                yield Said((*path, "validation_regex"), f"not a valid regular expression: {error}")


def slug(profile: dict[str, Any]) -> str:
    """The name by which KubeSpawner knows a profile: its slug, else its display name in lowercase with dashes."""
    given = profile.get("slug")
    text = str(given or profile.get("display_name") or "")
    if given:
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


@row(
    "profile-slug",
    Level.WARNING,
    remedy="Give each profile its own slug.",
    example=_PROFILE + "    - display_name: Large!\n",
)
def same_slug(facts: Facts) -> Iterator[Said]:
    """Two profiles have one slug: whoever chooses the second gets the first."""
    seen: dict[str, int] = {}
    for path, profile in profiles(facts):
        name = slug(profile)
        if name and name in seen:
            advice = f"Give this one its own: slug: {name}-{len(seen) + 1}"
            message = f"the slug {name} is that of profile {seen[name] + 1} too; users who choose this one get that one"
            yield Said((*path, "slug") if "slug" in profile else (*path, "display_name"), message, advice)
        seen.setdefault(name, int(path[-1]))


@row(
    "home-replaced",
    Level.WARNING,
    remedy="Write a map, whose entries are added: volumes: {data: {name: data, ...}}",
    example=_PROFILE + "      kubespawner_override: {volumes: [{name: data, emptyDir: {}}]}\n",
)
def home_taken(facts: Facts) -> Iterator[Said]:
    """A list of volumes replaces all volumes, including the home; a map adds to them."""
    storage = facts.values.singleuser.storage
    if storage.type == "none":
        return
    given: list[tuple[Path, dict[str, Any]]] = [(each.path, each.given) for each in overrides(facts)]
    spawner = facts.config.get("KubeSpawner")
    if isinstance(spawner, dict):
        given.append((("hub", "config", "KubeSpawner"), spawner))
    for path, traits in given:
        for trait in ("volumes", "volume_mounts"):
            items = traits.get(trait)
            if isinstance(items, list) and not any(_is_home(each, str(storage.homeMountPath)) for each in items):
                message = f"this list replaces all {trait}, the home too: what users save is lost with their server"
                yield Said((*path, trait), message)


def _is_home(item: Any, home: str) -> bool:
    """Whether a volume or a mount keeps the users' home: a claim that is named for the user, or a mount there."""
    if not isinstance(item, dict):
        return True
    claim = (item.get("persistentVolumeClaim") or {}) if isinstance(item.get("persistentVolumeClaim"), dict) else {}
    mount = str(item.get("mountPath") or item.get("mount_path") or "").rstrip("/")
    return "{" in str(claim.get("claimName", "")) or mount == home.rstrip("/")


@row(
    "variable-type",
    Level.ERROR,
    remedy="Put quotes around the value.",
    example=_PROFILE + "      kubespawner_override: {environment: {WORKERS: 4}}\n",
)
def numbers(facts: Facts) -> Iterator[Said]:
    """A variable is a number or true or false: the API server refuses the pod."""
    given: list[tuple[Path, Any]] = [((*o.path, "environment"), o.given.get("environment")) for o in overrides(facts)]
    for class_name in ("Spawner", "KubeSpawner"):
        traits = facts.config.get(class_name)
        if isinstance(traits, dict):
            given.append((("hub", "config", class_name, "environment"), traits.get("environment")))
    for path, environment in given:
        for name, value in environment.items() if isinstance(environment, dict) else ():
            if isinstance(value, (bool, int, float)):
                shown = str(value).lower() if isinstance(value, bool) else str(value)
                message = f"expected text, got {shown}; variables of the environment are text, and servers do not start"
                yield Said((*path, name), message, f'Write {name}: "{shown}"')


@row(
    "two-defaults",
    Level.WARNING,
    remedy="Remove default: true from all but one.",
    example="singleuser: {profileList: [{display_name: A, default: true}, {display_name: B, default: true}]}",
)
def two_defaults(facts: Facts) -> Iterator[Said]:
    """Several profiles, or several choices of an option, are the default; KubeSpawner takes the first."""
    yield from _defaults_after_the_first(profiles(facts), "profile")
    for path, profile in profiles(facts):
        for name, option in _maps(profile.get("profile_options")):
            here = (*path, "profile_options", name, "choices")
            choices = (((*here, key), choice) for key, choice in _maps(option.get("choices")))
            yield from _defaults_after_the_first(choices, "choice")


def _defaults_after_the_first(items: Iterable[tuple[Path, dict[str, Any]]], what: str) -> Iterator[Said]:
    first = None
    for path, item in items:
        if item.get("default") and first is not None:
            yield Said((*path, "default"), f"the {what} {first} is the default already; this one is not used as one")
        if item.get("default") and first is None:
            first = item.get("display_name") or path[-1]


RULES = rules_of(globals())
