"""The JSON schema for editors: the settings, and within them profiles and the traits of the hub's classes."""

from __future__ import annotations

from typing import Any

from chart_py.checks import hub_image
from chart_py.values.json_schema import of_values

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_SIMPLE: dict[str, Schema] = {
    "Unicode": _TEXT,
    "Bool": {"type": ["boolean", "integer"]},
    "Command": {"type": ["string", "array"]},
    "Memory": {"type": ["string", "number", "boolean"]},
    "Dict": {"type": "object"},
}


def json_schema() -> Schema:
    """The schema of a configuration, in which classes below hub.config have their traits, and profiles their keys.

    Classes that the hub's image does not have are allowed, as they may be the user's own.
    """
    made = of_values()
    hub = made["properties"]["hub"]["properties"]
    classes = {name: _class(name) for name in hub_image.class_names() if hub_image.traits(name)}
    hub["config"] = {**_plain(hub["config"]), "type": ["object", "null"], "properties": classes}
    user = made["properties"]["singleuser"]["properties"]
    user["profileList"] = {**_plain(user["profileList"]), "type": ["array", "null"], "items": _profile()}
    own = {name: _own(name) for name in hub_image.class_names() if hub_image.own_traits(name)}
    made["definitions"] = {"override": _override(), **own}
    return made


def _plain(schema: Schema) -> Schema:
    """What a schema says beside its type."""
    return {
        key: value for key, value in schema.items() if key not in ("type", "anyOf", "items", "additionalProperties")
    }


def _own(name: str) -> Schema:
    """The traits that a class has by itself."""
    return {"properties": {trait: _trait(name, trait, spec) for trait, spec in hub_image.own_traits(name).items()}}


def _class(name: str) -> Schema:
    """A class's traits: its own, and those that it inherits."""
    bases = [base for base in hub_image.lineage(name) if hub_image.own_traits(base)]
    return {
        "type": ["object", "null"],
        "description": f"Traits of {name}.",
        "allOf": [{"$ref": f"#/definitions/{base}"} for base in bases],
    }


def _trait(name: str, trait: str, spec: Any) -> Schema:
    return {"description": f"c.{name}.{trait}: {hub_image.expected(spec).text}", **_of(spec)}


def _of(spec: Any) -> Schema:
    """The schema of what a trait takes; JupyterHub itself is asked for what a schema cannot say."""
    kind, none, detail = spec
    if kind == "Union":
        made: Schema = {"anyOf": [_of(part) for part in detail]}
    elif kind == "Enum":
        made = {"enum": list(detail)}
    elif kind in ("Integer", "Float"):
        least, most = detail
        made = {"type": "integer" if kind == "Integer" else "number"}
        made |= ({"minimum": least} if least is not None else {}) | ({"maximum": most} if most is not None else {})
    elif kind in ("List", "Set"):
        made = {"type": ["array", "string"]}
    else:
        made = dict(_SIMPLE.get(kind, {}))
    if none and made:
        made = {"anyOf": [made, {"type": "null"}]}
    return made


def _override() -> Schema:
    return {
        "type": "object",
        "description": "Traits of KubeSpawner that are set; maps are merged, lists replace.",
        "properties": {trait: {"description": f"c.KubeSpawner.{trait}"} for trait in hub_image.traits("KubeSpawner")},
    }


def _profile() -> Schema:
    override: Schema = {"$ref": "#/definitions/override"}
    choice = {
        "type": "object",
        "required": ["display_name"],
        "properties": {
            "display_name": {**_TEXT, "description": "What users choose."},
            "default": {"type": "boolean", "description": "Whether it is chosen at first."},
            "kubespawner_override": override,
        },
    }
    unlisted = {
        "type": "object",
        "description": "A choice that users type.",
        "properties": {
            "enabled": {"type": "boolean"},
            "display_name": {**_TEXT, "description": "The label of the field."},
            "display_name_in_choices": {**_TEXT, "description": "The label of the choice that opens the field."},
            "validation_regex": {**_TEXT, "description": "What users may type, as a regular expression."},
            "validation_message": {**_TEXT, "description": "What users read where it does not match."},
            "kubespawner_override": override,
        },
    }
    option = {
        "type": "object",
        "properties": {
            "display_name": {**_TEXT, "description": "The label of the option."},
            "choices": {"type": "object", "additionalProperties": choice},
            "unlisted_choice": unlisted,
        },
    }
    return {
        "type": "object",
        "required": ["display_name"],
        "properties": {
            "display_name": {**_TEXT, "description": "The profile's name, as users read it."},
            "slug": {**_TEXT, "description": "The name by which the hub knows it; made of display_name if not set."},
            "description": {**_TEXT, "description": "A sentence below the name; may be HTML."},
            "default": {"type": "boolean", "description": "Whether it is chosen at first."},
            "kubespawner_override": override,
            "profile_options": {
                "type": "object",
                "description": "More to choose within the profile: a map from a name to an option.",
                "additionalProperties": option,
            },
        },
    }


_OVERRIDE = "Traits of KubeSpawner that are set; maps are merged, lists replace. {value} is what users typed."


def profile_key(steps: tuple[str, ...]) -> tuple[str, dict[str, str]] | None:
    """What a key within a profile is, and the keys below it with theirs; None where there is no such key.

    `steps` lead from a profile: ("profile_options",), ("profile_options", "choices", "kubespawner_override").
    """
    here: Schema = _profile()
    for step in steps:
        # The names of options and choices are the user's own.
        here = here.get("additionalProperties") or here
        if step not in here.get("properties", {}):
            return None
        here = here["properties"][step]
    if "$ref" in here:
        return _OVERRIDE, {}
    inner = here.get("additionalProperties") or here
    below = {key: str(each.get("description", "")) for key, each in inner.get("properties", {}).items()}
    return str(here.get("description", "")), below
