"""The one law by which sections come about: settings given in Python are checked as those of a file are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from chart_py.finding import Finding, Level
from chart_py.values.base import S, Section, tree_of
from chart_py.values.check import Check
from chart_py.values.data_layer import from_data
from chart_py.values.merge import layered
from chart_py.values.sources import Sources


def made(cls: type[S], given: Any) -> S:
    """`cls` with the settings `given` laid over its defaults; a section of the class itself as it is.

    Raises pydantic's ValidationError with everything that is wrong.
    """
    if isinstance(given, cls):
        return given
    wrong: list[Finding] = []
    if not isinstance(given, Mapping):
        raise _error(cls, [Finding(Level.ERROR, "wrong-type", (), "expected a map of settings")])
    default = cls.of()
    untouched = tree_of(default)
    layer = from_data(_plain(given), cls.__name__, wrong.append)
    tree = layered(untouched, [layer.tree])
    section = Check(Sources((layer,)), wrong.append, None).section(cls, tree, default, untouched)
    _refuse(cls, wrong)
    section._laid(tree)
    return section


def updated(section: Section, update: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of `update`, by their attributes, as `section` may have them in place of its own.

    A map for a section is laid over its defaults. Raises pydantic's ValidationError with everything that is wrong.
    """
    cls, wrong = type(section), list[Finding]()
    fields = cls.__pydantic_fields__
    labels = {name: field.alias or name for name, field in fields.items()}
    layer = from_data(
        _plain({labels.get(name, name): value for name, value in update.items()}), cls.__name__, wrong.append
    )
    check = Check(Sources((layer,)), wrong.append, None)
    found: dict[str, Any] = {}
    for name, value in update.items():
        field, path = fields.get(name), (labels.get(name, name),)
        if field is None and cls.model_config.get("extra") == "allow":
            found[name] = layer.tree.get(name)
        elif field is None:
            check.unknown(path, labels.values(), value)
        elif isinstance(field.default, Section) and isinstance(value, type(field.default)):
            found[name] = value
        elif isinstance(value, Section):
            message = f"expected {type(field.default).__name__}, got {type(value).__name__}"
            wrong.append(Finding(Level.ERROR, "wrong-type", path, message))
        else:
            found[name] = check.replaced(field, layer.tree.get(path[0]), path)
    _refuse(cls, wrong)
    return found


def _plain(given: Mapping[Any, Any]) -> dict[Any, Any]:
    """Sections among the settings as plain trees, however deep."""
    return {key: _value(value) for key, value in given.items()}


def _value(value: Any) -> Any:
    return tree_of(value) if isinstance(value, Section) else _plain(value) if isinstance(value, Mapping) else value


def _refuse(cls: type[Section], findings: list[Finding]) -> None:
    if errors := [each for each in findings if each.level is Level.ERROR]:
        raise _error(cls, errors)


def _error(cls: type[Section], findings: list[Finding]) -> ValidationError:
    """The findings as pydantic tells of errors; no value is in it, as it may be a secret."""
    lines = [
        InitErrorDetails(
            type=PydanticCustomError(each.code, "{said}", {"said": each.message}),
            loc=tuple(each.path),
            input=None,
        )
        for each in findings
    ]
    return ValidationError.from_exception_data(cls.__name__, lines, hide_input=True)
