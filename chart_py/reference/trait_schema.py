"""JSON schemas of JupyterHub's classes, of their traits and of services, from the tables of the hub's image."""

from __future__ import annotations

import re
from typing import Any

from chart_py.checks.hub import image as hub_image
from chart_py.reference import trait_help

Schema = dict[str, Any]
# Classes that run in users' servers, or that have no traits of their own.
_NOT_OF_THE_HUB = re.compile(r"HubO?Auth$|SingleUser|^NewToken|^UpgradeDB")
_TEXT: Schema = {"type": "string"}
_SET_ITEM: Schema = {"type": ["string", "number", "boolean", "null"]}


def definitions() -> dict[str, Schema]:
    """For each class a schema of the traits that it has by itself, by `traits of CLASS`."""
    return {_defined(name): {"properties": _properties(name)} for name in hub_image.class_names()}


def classes() -> Schema:
    """What `hub.config` takes: the image's classes with their traits, and classes of the user's own."""
    properties = {name: of_class(name) for name in hub_image.class_names() if not _NOT_OF_THE_HUB.search(name)}
    return {"properties": properties, "additionalProperties": {"type": ["object", "null"]}}


def of_class(name: str) -> Schema:
    """A map of traits; unknown ones are allowed, as a subclass may have them."""
    made: Schema = {"type": ["object", "null"], "allOf": [_reference(cls) for cls in hub_image.lineage(name)]}
    said = trait_help.sentence(trait_help.of_class(name)) or f"Traits of {name}."
    return {"description": said, **made}


def overrides(name: str, *, filled: bool = False) -> Schema:
    """A map of traits that a profile sets; with `filled`, any of them may be text that something is put into."""
    if not filled:
        return {"type": ["object", "null"], "allOf": [_reference(cls) for cls in hub_image.lineage(name)]}
    traits = {trait: found for cls in reversed(hub_image.lineage(name)) for trait, found in _properties(cls).items()}
    loose = {
        trait: {
            "description": found["description"],
            "anyOf": [_TEXT, {k: v for k, v in found.items() if k != "description"}],
        }
        for trait, found in traits.items()
    }
    return {"type": ["object", "null"], "properties": loose}


def service_fields() -> dict[str, Schema]:
    """What a service of JupyterHub can have."""
    return {
        field: _described(trait_help.of_service(field), [spec]) for field, spec in hub_image.service_fields().items()
    }


def _defined(name: str) -> str:
    return f"traits of {name}"


def _reference(name: str) -> Schema:
    return {"$ref": f"#/definitions/{_defined(name)}".replace(" ", "%20")}


def _properties(name: str) -> dict[str, Schema]:
    """A class's own traits. Where a subclass takes more for one, so does the class: both schemas hold for it."""
    out = {}
    for trait, spec in hub_image.own_traits(name).items():
        heirs = [cls for cls in hub_image.class_names() if name in hub_image.lineage(cls)[1:]]
        specs = [spec, *(found[trait] for cls in heirs if trait in (found := hub_image.own_traits(cls)))]
        out[trait] = _described(trait_help.of_trait(name, trait), specs)
    return out


def _described(told: trait_help.Help, specs: list[Any]) -> Schema:
    """A trait: what it is, in its first paragraph, what it takes, and its default."""
    description = " ".join(told.text.strip().split("\n\n")[0].split())
    kinds = [of_spec(spec) for spec in specs]
    different = [kind for number, kind in enumerate(kinds) if kind not in kinds[:number]]
    made: Schema = {"description": description, **(different[0] if len(different) == 1 else {"anyOf": different})}
    default = trait_help.data(told.default)
    return made if default is None else {**made, "default": default}


def of_spec(spec: Any) -> Schema:
    """What the trait that the table describes as `spec` takes from YAML; null takes a value of the chart away."""
    made = _of_spec(spec)
    return made if not made else {"anyOf": [*made["anyOf"], {"type": "null"}]} if "anyOf" in made else _or_null(made)


def _or_null(made: Schema) -> Schema:
    if "enum" in made:
        return {"enum": [*made["enum"], *([None] if None not in made["enum"] else [])]}
    kinds = made["type"] if isinstance(made["type"], list) else [made["type"]]
    return {**made, "type": [*kinds, "null"]}


def _of_spec(spec: Any) -> Schema:
    kind, _, detail = spec
    if kind == "Union":
        parts = [part for each in detail if each[0] != "Callable" and (part := _of_spec(each))]
        # A part that takes anything, as the code of its class decides, leaves nothing to be said.
        anything = any(each[0] == "Any" for each in detail) or not parts
        return {} if anything else parts[0] if len(parts) == 1 else {"anyOf": _flat(parts)}
    if kind in ("List", "Set"):
        items = _SET_ITEM if kind == "Set" else _of_spec(detail) if detail else {}
        made: Schema = {"type": "array", **({"items": items} if items else {})}
        # traitlets puts a text into a list of texts by itself.
        return {"anyOf": [made, _TEXT]} if not items or "string" in str(items) else made
    if kind == "Dict":
        inner = _of_spec(detail) if detail else {}
        return {"type": "object", **({"additionalProperties": inner} if inner else {})}
    if kind in ("Integer", "Float"):
        least, most = detail
        bounds = {"minimum": least, "maximum": most}
        number = {"type": "integer" if kind == "Integer" else "number"}
        return number | {name: bound for name, bound in bounds.items() if bound is not None}
    if kind == "Enum":
        return {"enum": list(detail)}
    return dict(_SIMPLE.get(kind, {}))


def _flat(parts: list[Schema]) -> list[Schema]:
    return [inner for part in parts for inner in part.get("anyOf", [part])]


_SIMPLE: dict[str, Schema] = {
    "Unicode": _TEXT,
    # traitlets takes 0 and 1 for false and true.
    "Bool": {"type": ["boolean", "integer"], "minimum": 0, "maximum": 1},
    "Memory": {"type": ["number", "string"]},
    "Command": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}
