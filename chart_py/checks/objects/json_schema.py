"""The check of objects against schemas in Python, for where there is no kubeconform."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from chart_py.checks.objects.kubeconform import kinds
from chart_py.checks.objects.schemas import Violation, of_version, stem_of
from chart_py.extras import need
from chart_py.manifest import Manifest


@cache
def _validator(version: str, stem: str) -> Any:
    need("jsonschema")
    from jsonschema import Draft202012Validator

    schema = of_version(version).get(stem)
    return None if schema is None else Draft202012Validator(schema)


def violations(manifests: Sequence[Manifest], version: str) -> list[Violation]:
    """What the library jsonschema finds against the schemas of a Kubernetes version that ship with us."""
    found = []
    for manifest in manifests:
        validator = _validator(version, stem_of(manifest))
        if validator is None:
            found.append(Violation(manifest, (), f"could not find schema for {manifest.get('kind')}"))
        else:
            found += [violation for error in validator.iter_errors(manifest) for violation in _said(manifest, error)]
    return found


def _said(manifest: Manifest, error: Any) -> Iterator[Violation]:
    pointer = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        for name in error.instance:
            if name not in known:
                yield Violation(manifest, (*pointer, name), "no such field", unknown=True)
    elif error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        yield Violation(manifest, pointer, f"{', '.join(f'`{name}`' for name in missing)} is missing")
    elif error.validator in ("type", "oneOf", "anyOf"):
        due = (
            [error.validator_value] if error.validator == "type" else [s.get("type", []) for s in error.validator_value]
        )
        flat = [kind for item in due for kind in (item if isinstance(item, list) else [item]) if kind != "null"]
        yield Violation(manifest, pointer, kinds(list(dict.fromkeys(flat)), _kind(error.instance)))
    elif error.validator == "enum":
        choices = ", ".join(repr(choice) for choice in error.validator_value)
        yield Violation(manifest, pointer, f"value must be one of {choices}")
    else:
        yield Violation(manifest, pointer, f"this breaks the schema's rule {error.validator}")


def _kind(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return names.get(type(value), "null")
