"""A plan as text: per object what is done, the fields that change as YAML with their context, and a summary."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from chart_py.changes.change import Change, Operation
from chart_py.changes.content import MISSING, FieldChange, FieldPath, Item, Step
from chart_py.changes.danger_text import headline, named
from chart_py.changes.dangers import dangers
from chart_py.changes.mask import is_secret_data, secret_keys, shown
from chart_py.changes.plan import Plan
from chart_py.manifest.documents import to_yaml

_MARKS = {
    Operation.CREATE: "+",
    Operation.UPDATE: "~",
    Operation.REPLACE: "!",
    Operation.DELETE: "-",
    Operation.KEEP: "=",
    Operation.UNCHANGED: " ",
}
_AROUND = 2
LOUD = "!!"
"""The mark of a line that nobody may overlook."""


class Line(NamedTuple):
    """A line of a plan's text. `mark` is `+` (new), `-` (gone), `~`, `!`, `=` (headings), `!!` (dangers) or a space."""

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark} {self.text}".rstrip()


def lines(plan: Plan, *, with_unchanged: bool = False) -> list[Line]:
    """The whole plan, object by object in the order of execution, and its summary."""
    found = [Line(LOUD, line) for danger in dangers(plan) for line in (headline(danger), *named(danger))]
    if plan.creates_namespace:
        found.append(Line("+", f"create Namespace/{plan.namespace}"))
    for change in plan.changes:
        if change.operation is not Operation.UNCHANGED or with_unchanged:
            found += change_lines(change)
    for pull in plan.pulls:
        if pull["kind"] == "DaemonSet":
            found += [Line("~", f"pull image {image}") for image in pulled_images(pull)]
    return [*found, *(Line(" ", note) for note in plan.notes), *summary(plan)]


def pulled_images(daemon_set: dict[str, Any]) -> list[str]:
    """The images that a puller's DaemonSet names, each once."""
    spec = daemon_set["spec"]["template"]["spec"]
    return list(dict.fromkeys(each["image"] for each in spec.get("initContainers") or []))


def change_lines(change: Change) -> list[Line]:
    """One object: its heading, and for an update the fields that change."""
    extra = [change.reason] if change.reason else []
    if change.takes_over:
        extra.append(f"its fields move from {' and '.join(change.takes_over)} to chart_py")
    if change.restarts:
        extra.append("its pods restart")
    note = f" ({'; '.join(extra)})" if extra else ""
    where = f" in {change.key.namespace}" if change.key.namespace else ""
    found = [Line(_MARKS[change.operation], f"{change.operation.value} {change.key}{where}{note}")]
    if change.operation in (Operation.UPDATE, Operation.REPLACE):
        found += _field_lines(change)
    return found


def summary(plan: Plan) -> list[Line]:
    """What the plan comes to in one line, and which pods restart in another."""
    counts = plan.counts
    words = [f"{counts[op]} to {op.value}" for op in Operation if op.writes and counts[op]]
    words += [f"{counts[Operation.KEEP]} kept"] if counts[Operation.KEEP] else []
    words += [f"{counts[Operation.UNCHANGED]} unchanged"] if counts[Operation.UNCHANGED] else []
    found = [Line(" ", f"{plan.release} in {plan.namespace}: {', '.join(words) or 'nothing there'}")]
    if plan.restarts:
        found.append(Line(" ", f"pods that restart: {', '.join(plan.restarts)}"))
    return found


def _field_lines(change: Change) -> Iterator[Line]:
    fields: Iterable[FieldChange] = change.fields
    if change.key.kind == "Secret":
        fields = [field for field in fields if not is_secret_data(field)]
        for key, state in secret_keys(change.live, change.result).items():
            yield Line(" ", f"    {key}: {state}")
    above: FieldPath = ()
    for field in fields:
        for depth in range(len(field.path) - 1):
            if field.path[: depth + 1] != above[: depth + 1]:
                yield Line(" ", _indent(depth) + _context(field.path[depth]))
        above = field.path[:-1]
        yield from _value_lines(field)


def _context(step: Step) -> str:
    if isinstance(step, Item):
        return f"- {step.word}: {step.value}"
    return f"- # {step}" if isinstance(step, int) else f"{step}:"


def _indent(depth: int) -> str:
    return "    " + "  " * depth


def _value_lines(field: FieldChange) -> Iterator[Line]:
    before, after = (value if value is MISSING else shown(value, field.path) for value in (field.before, field.after))
    step = field.path[-1] if field.path else ""
    indent = _indent(len(field.path) - 1)
    if before == after and before is not MISSING:
        yield Line(
            "~", f"{indent}{_context(step).rstrip(':')}: changed, not shown" if isinstance(step, str) else indent
        )
    elif isinstance(before, str) and isinstance(after, str) and "\n" in before + after:
        yield Line(" ", indent + _context(step))
        yield from (Line(mark, f"{indent}  {text}") for mark, text in _text_changes(before, after))
    else:
        yield from (Line("-", indent + text) for text in _yaml(step, before))
        yield from (Line("+", indent + text) for text in _yaml(step, after))


def _yaml(step: Step, value: Any) -> list[str]:
    if value is MISSING:
        return []
    data = {step: value} if isinstance(step, str) else [value]
    return to_yaml(data).rstrip("\n").split("\n")


def _text_changes(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The lines that differ, with two lines around them; a gap as `…`."""
    found = list(difflib.unified_diff(before.split("\n"), after.split("\n"), n=_AROUND, lineterm=""))[2:]
    for number, line in enumerate(found):
        if line.startswith("@@"):
            if number:
                yield " ", "…"
        else:
            yield line[0], line[1:]
