"""The one pass over merged values: every word known, every value of its type, text where text is expected.

pydantic-core validates the leaves, with one validator for each distinct type and only where a user has said something;
the walk through the sections is ours, so that no schema of a section has to be built for a render.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic.fields import FieldInfo
from pydantic_core import ValidationError

from chart_py.duration import seconds_of
from chart_py.editions import DEFAULT, Edition
from chart_py.finding import Finding, Level, Path, dotted
from chart_py.secrecy import is_secret
from chart_py.values.base import EnvMark, ImagesMark, NeededMark, S, Section, TextMark, tree_of
from chart_py.values.edition_settings import absent, accepted_later, narrowed, narrower, of_another
from chart_py.values.expectation import SETTINGS, Expectation, Kind, described, of_field, reshaped, within
from chart_py.values.formats import Format
from chart_py.values.layer import setting_path
from chart_py.values.leaf import REQUIRED, format_of, takes, takes_text, text_items, text_values, validator, without
from chart_py.values.merge import at, layered
from chart_py.values.sources import Sources

if TYPE_CHECKING:
    from chart_py.values.unknown_setting import Unknown

Tree = dict[str, Any]
MARKS = (EnvMark, ImagesMark, TextMark)


class Check:
    """Turns a merged tree into sections. Findings go to `say`; `tree` is corrected in place (it is a copy).

    Settings that `edition` does not know are refused; None takes every setting that the models have.
    """

    def __init__(self, sources: Sources, say: Callable[[Finding], None], edition: Edition | None = DEFAULT) -> None:
        self.sources = sources
        self.say = say
        self.edition = edition
        self.absent = absent(edition)
        self.narrower = narrower(edition)

    def section(self, cls: type[S], tree: Tree, default: S, untouched: Tree, path: Path = ()) -> S:
        """`cls` made of `tree`; `default` itself where `tree` is the `untouched` tree of the defaults."""
        if tree is untouched:
            return default
        found: dict[str, Any] = {}
        fields = cls.__pydantic_fields__
        known: list[str] = []
        for name, field in fields.items():
            label = field.alias or name
            here = (*path, label)
            if here in self.absent:
                found[name] = getattr(default, name)
                continue
            known.append(label)
            if isinstance(field.default, Section) and label not in tree and label not in untouched:
                found[name] = getattr(default, name)
            elif isinstance(field.default, Section):
                found[name] = self._nested(getattr(default, name), tree, label, untouched, here)
            elif label not in tree:
                found[name] = self._nothing(field, here)
            elif label in untouched and tree[label] is untouched[label]:
                found[name] = getattr(default, name)
            else:
                found[name] = tree[label] = self._own_value(field, tree[label], here)
        extra, unknown = None, []
        for label in tree:
            if label not in known:
                if cls.model_config.get("extra") == "allow" or (cls.free_prefix and label.startswith(cls.free_prefix)):
                    extra = {**(extra or {}), label: tree[label]}
                else:
                    unknown.append(label)
        if unknown:
            self._unknown(path, unknown, known, tree)
        made = cls.model_construct(None, **found)
        if extra and cls.model_config.get("extra") == "allow":
            object.__setattr__(made, "__pydantic_extra__", extra)
        return made

    def _own_value(self, field: FieldInfo, value: Any, path: Path) -> Any:
        """The value of a setting that has one of its own: of its type, and in its format."""
        made = self._own_leaf(field, value, path)
        if (check := format_of(field)) and made is not None:
            self._faults(check, made, path)
        return made

    def replaced(self, field: FieldInfo, value: Any, path: Path) -> Any:
        """What stands in place of a setting's value when a copy of a section is made with another one."""
        default = field.default
        if isinstance(default, Section):
            untouched = tree_of(default)
            label = str(path[-1])
            tree = {label: layered(untouched, [value]) if isinstance(value, dict) else value}
            return self._nested(default, tree, label, {label: untouched}, path)
        return self._nothing(field, path) if value is None else self._own_value(field, value, path)

    def _own_leaf(self, field: FieldInfo, value: Any, path: Path) -> Any:
        """`value` as the edition wants it: some settings took less once."""
        kind = self.narrower.get(path)
        if kind is None:
            return self.leaf(field, value, path)
        wrong: list[Finding] = []
        made = Check(self.sources, wrong.append, self.edition).leaf(field, value, path)
        if not wrong and self.edition:
            Check(self.sources, wrong.append, self.edition).leaf(narrowed(field, kind), value, path)
            wrong = [accepted_later(each, path, self.edition) for each in wrong]
        for each in wrong:
            self.say(each)
        return made

    def _nested(self, default: S, tree: Tree, label: str, untouched: Tree, path: Path) -> S:
        value = tree.get(label)
        if value is None:
            return self._removed(default, path)
        if not isinstance(value, dict):
            self.say(self.wrong(path, value, SETTINGS))
            return default
        return self.section(type(default), value, default, untouched.get(label, {}), path)

    def _removed(self, default: S, path: Path) -> S:
        """A section that null has taken away, with all its defaults; that is said once, at its own key."""
        if not (lost := tree_of(default)):
            return Check(self.sources, lambda _: None, self.edition).section(type(default), {}, default, {}, path)
        instead = "Write settings below it, remove it, or write {} for the defaults."
        self._null(path, [(*path, name) for name in lost], instead)
        return default

    def _null(self, path: Path, lost: Sequence[Path], instead: str) -> None:
        """The error for a null that takes away what is needed; a key with nothing behind it is null too."""
        is_empty = self.sources.text(path) == ""
        found = ", ".join(dotted(each) for each in lost[:3]) + (" ..." if lost[3:] else "")
        if lost:
            message = f"{'nothing is below this key; that means null, which' if is_empty else 'null'} removes {found}"
        else:
            message = f"{'nothing is below this key; that means null, which' if is_empty else 'null'} the chart refuses"
        self.say(Finding(Level.ERROR, "null", path, message, self.sources.place(path), (instead,)))

    def _nothing(self, field: FieldInfo, path: Path) -> Any:
        """What a setting is that nobody gives a value, or whose default null has removed."""
        empty = without(field.annotation)
        written = any(layer.has(path) for layer in self.sources.layers)
        if empty is REQUIRED:
            advice = (f"Remove it to have its default: {field.default!r}",) if not is_secret(path) else ()
            place = self.sources.place(path)
            self.say(Finding(Level.ERROR, "null", path, of_field(field).but(None), place, advice))
            return field.default
        if written and any(isinstance(mark, NeededMark) for mark in field.metadata):
            lost = self._lost(field, path)
            self._null(path, [] if lost == [path] else lost, "Write its value, or remove it.")
        elif written and self.sources.text(path) == "" and (lost := self._lost(field, path)):
            found = ", ".join(dotted(each) for each in lost[:3]) + (" ..." if lost[3:] else "")
            what = found if lost != [path] else self._would_be(field, path)
            message = f"nothing is behind this key; that means null, which removes {what}"
            advice = ("Write its value, or remove it; if null is meant, write null.",)
            self.say(Finding(Level.WARNING, "nothing-below", path, message, self.sources.place(path), advice))
        return empty

    def _would_be(self, field: FieldInfo, path: Path) -> str:
        """What a setting would be without the null that the strongest layer has for it."""
        given = [field.default, *(at(layer.tree, path) for layer in self.sources.layers)]
        value = next(each for each in reversed(given) if each is not None)
        if is_secret(path) or isinstance(value, (dict, list)):
            return "what it would be"
        return described(value)

    def _lost(self, field: FieldInfo, path: Path) -> list[Path]:
        """The paths of what null takes away from the setting at `path`: of its default, and of other layers."""
        lost = [(*path, *step) for step in _leaves(field.default)]
        for layer in self.sources.layers:
            lost += [(*path, *step) for step in _leaves(at(layer.tree, path))]
        return list(dict.fromkeys(lost))

    def leaf(self, field: FieldInfo, value: Any, path: Path) -> Any:
        """`value` as `field` wants it, text where text is expected; the default where it is wrong, which is said."""
        value = self._texts(field, value, path)
        try:
            return validator(field).validate_python(value, strict=True)
        except ValidationError as error:
            for found in _nearest(error.errors(include_url=False, include_context=False)):
                inner = tuple(step for step in found["loc"] if _steps_into(value, step))
                expected = of_field(field) if not inner else within(found["type"])
                if not inner and expected.first is Kind.INTEGER and type(field.default) is int and field.default > 0:
                    expected = replace(expected, example=str(field.default))
                self.say(self.wrong(path + inner, _at(value, inner), expected))
            return field.default

    def _texts(self, field: FieldInfo, value: Any, path: Path) -> Any:
        """`value` with the source text of scalars wherever `field` wants text."""
        annotation, marks = field.annotation, field.metadata
        if takes_text(annotation) and isinstance(value, (bool, int, float)) and not takes(annotation, type(value)):
            return self._text(value, path)
        if isinstance(value, dict) and (text_values(annotation) or any(isinstance(m, MARKS) for m in marks)):
            env = any(isinstance(m, (EnvMark, ImagesMark)) for m in marks)
            return {
                k: self._env(v, (*path, k)) if env and isinstance(v, dict) else self._text(v, (*path, k))
                for k, v in value.items()
            }
        if isinstance(value, list):
            if any(isinstance(m, EnvMark) for m in marks):
                return [self._env(v, (*path, i)) if isinstance(v, dict) else v for i, v in enumerate(value)]
            if text_items(annotation):
                return [self._text(v, (*path, i)) for i, v in enumerate(value)]
        return value

    def _env(self, variable: Tree, path: Path) -> Tree:
        return {k: self._text(v, (*path, k)) if k in ("name", "value", "tag") else v for k, v in variable.items()}

    def _text(self, value: Any, path: Path) -> Any:
        if isinstance(value, (bool, int, float)):
            text = self.sources.text(path)
            return text if text is not None else str(value).lower() if isinstance(value, bool) else str(value)
        return value

    def wrong(self, path: Path, value: Any, expected: Expectation) -> Finding:
        """The error for a value of the wrong type, with an example of a right one."""
        place = self.sources.place(path, of_value=True)
        if expected.first is Kind.INTEGER and isinstance(value, str) and (seconds := seconds_of(value)):
            expected = expected.in_seconds(f"{seconds:.0f}")
        advice = (f"for example: {path[-1]}: {expected.example}",) if expected.example else ()
        if better := _of_config(path) or reshaped(path, value, expected):
            advice = (better,)
        # Text where a map is expected may be a secret that lost its key; nothing of it helps anyone.
        message = expected.but(value, hide=is_secret(path) or expected.is_map)
        return Finding(Level.ERROR, "wrong-type", path, message, place, advice)

    def _faults(self, check: Format, value: Any, path: Path) -> None:
        for fault in check(value):
            at = path + fault.path
            place = self.sources.place(at, of_value=fault.shown)
            shown = "" if is_secret(at) or not fault.shown else f", got {described(_at(value, fault.path))}"
            advice = [f"for example: {fault.example}"] if fault.example else []
            if fault.flag:
                advice.append(f"A file's text is given by: --set-file {setting_path((*at, fault.flag))}=FILE")
            self.say(Finding(fault.level, fault.code, at, fault.message + shown, place, tuple(advice)))

    def _unknown(self, path: Path, labels: Sequence[str], known: Sequence[str], tree: Tree) -> None:
        """The errors for the words of the section at `path` that are unknown; `known` are those that it has."""
        from chart_py.values.unknown_setting import MOST

        listed = False
        for label in labels[:MOST]:
            here = (*path, label)
            if here in self.absent and self.edition and (found := of_another(here, self.edition, self.sources)):
                self.say(found)
                continue
            unknown = self._unknown_setting(here, known, tree[label])
            # The settings of the section are listed by the first finding alone.
            self._say_unknown(here, unknown._replace(listed=()) if listed else unknown)
            listed = listed or bool(unknown.listed)
        if more := labels[MOST:]:
            at = (*path, more[0])
            message = f"unknown setting, and so are {len(more) - 1} others here"
            self.say(Finding(Level.ERROR, "unknown-setting", at, message, self.sources.place(at)))

    def unknown(self, path: Path, known: Iterable[str], value: Any = None) -> None:
        """Say that the section at `path` does not have this setting; `known` are those that it has."""
        self._say_unknown(path, self._unknown_setting(path, known, value))

    def _say_unknown(self, path: Path, unknown: Unknown) -> None:
        place = self.sources.place(path)
        self.say(Finding(Level.ERROR, "unknown-setting", path, unknown.message, place, unknown.lines()))

    def _unknown_setting(self, path: Path, known: Iterable[str], value: Any) -> Unknown:
        from chart_py.values.guide_settings import today_of, words_below
        from chart_py.values.root import Values
        from chart_py.values.unknown_setting import all_settings, unknown_setting

        above = path[:-1]
        older = {word: today_of((*above, word)) for word in words_below(above)}
        if above and above not in dict(all_settings(Values)):
            # The section itself is an older chart's: none of its settings is proposed or listed.
            today = today_of(above)
            older = {word: f"{today}.{word}" for word in known if today} | older
            known = ()
        return unknown_setting(path, value, tuple(known), Values, older)


@cache
def words(cls: type[Section]) -> tuple[str, ...]:
    """The words of a section, in the order of its definition."""
    return tuple(field.alias or name for name, field in cls.__pydantic_fields__.items())


def _steps_into(value: Any, step: Any) -> bool:
    return isinstance(value, (dict, list)) and (isinstance(step, int) or (isinstance(value, dict) and step in value))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        if isinstance(value, (dict, list)):
            try:
                value = value[step]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                return value
    return value


def _leaves(value: Any) -> list[Path]:
    """The paths of what a map has, or () for another value that is not empty; none of nothing."""
    if isinstance(value, dict):
        return [(key, *rest) for key, inner in value.items() for rest in (_leaves(inner) or [()])]
    return [] if value in (None, []) else [()]


def _nearest(errors: list[Any]) -> list[Any]:
    """Of the errors of a union only one for each place: the deepest, once."""
    deepest = max(len([s for s in e["loc"] if isinstance(s, int)]) for e in errors)
    errors = [e for e in errors if len([s for s in e["loc"] if isinstance(s, int)]) == deepest]
    seen: dict[Any, Any] = {}
    for error in errors:
        seen.setdefault(error["loc"] if deepest or len(error["loc"]) == 1 else (), error)
    return list(seen.values())


def _of_config(path: Path) -> str:
    """What to write instead of something right below hub.config that cannot be a class's settings."""
    if path[:2] != ("hub", "config") or len(path) != 3:
        return ""
    from chart_py.values.hub_config import instead_of

    return instead_of(str(path[2])) or f"hub.config has a map for each class: write hub.config.CLASS.{path[2]}"
