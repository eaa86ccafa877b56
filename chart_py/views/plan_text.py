"""A plan as text: per object what is done, the fields that change as YAML with their context, and a summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from chart_py.changes.change import Change, Operation
from chart_py.changes.dangers import dangers
from chart_py.changes.folding import is_renderer_label, only_checksums, own_fields, relabelled, restart_reasons
from chart_py.changes.mask import secret_keys
from chart_py.changes.plan import Plan
from chart_py.manifest.difference import MISSING, Difference, FieldPath, Item, Step, text_lines, visible
from chart_py.manifest.documents import to_yaml
from chart_py.secrecy import HIDDEN
from chart_py.views.danger_text import headline, named

_MARKS = {
    Operation.CREATE: "+",
    Operation.UPDATE: "~",
    Operation.REPLACE: "!",
    Operation.DELETE: "-",
    Operation.KEEP: "=",
    Operation.UNCHANGED: " ",
}
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
        is_quiet = change.operation is Operation.UNCHANGED or _says_nothing_more(change)
        if with_unchanged or not is_quiet:
            found += change_lines(change, plan)
    found += _folded_lines(plan)
    for pull in plan.pulls:
        if pull["kind"] == "DaemonSet":
            found += [Line("~", f"pull image {image}") for image in pulled_images(pull)]
    return [*found, *(Line(" ", note) for note in plan.notes), *summary(plan)]


def plan_text(plan: Plan) -> str:
    """The whole plan as `diff` prints it, without any secret."""
    return "\n".join(str(line) for line in lines(plan))


def pulled_images(daemon_set: dict[str, Any]) -> list[str]:
    """The images that a puller's DaemonSet names, each once."""
    spec = daemon_set["spec"]["template"]["spec"]
    return list(dict.fromkeys(each["image"] for each in spec.get("initContainers") or []))


def change_lines(change: Change, plan: Plan) -> list[Line]:
    """One object: its heading, and for an update the fields that change by themselves; see `folding`."""
    extra = [change.reason] if change.reason else []
    if change.restarts:
        reads = restart_reasons(change, plan)
        because = f": it reads {' and '.join(reads)}" if reads and only_checksums(change) else ""
        extra.append(f"its pods restart{because}")
    note = f" ({'; '.join(extra)})" if extra else ""
    where = f" in {change.key.namespace}" if change.key.namespace else ""
    found = [Line(_MARKS[change.operation], f"{change.operation.value} {change.key}{where}{note}")]
    if change.operation in (Operation.UPDATE, Operation.REPLACE):
        found += _field_lines(change)
    return found


def _folded_lines(plan: Plan) -> Iterator[Line]:
    """What many objects have in common, each in one line."""
    movers: dict[tuple[str, ...], int] = {}
    for change in plan.writing:
        if change.takes_over:
            movers[change.takes_over] = movers.get(change.takes_over, 0) + 1
    for managers, count in movers.items():
        fields = "1 object: its fields move" if count == 1 else f"{count} objects: their fields move"
        yield Line("~", f"{fields} from {' and '.join(managers)} to chart_py")
    updates = [each for each in plan.writing if each.operation in (Operation.UPDATE, Operation.REPLACE)]
    yield from (Line("~", str(row)) for row in relabelled(updates))


def _says_nothing_more(change: Change) -> bool:
    """Whether all that an update does stands in the folded lines."""
    folds = bool(change.takes_over) or any(is_renderer_label(each.path) for each in change.fields)
    return change.operation is Operation.UPDATE and folds and not own_fields(change) and not change.restarts


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
    fields = own_fields(change)
    if not fields and not change.fields and not change.takes_over:
        yield Line(" ", "    the same content, written in another form")
    above: FieldPath = ()
    for field in fields:
        for depth in range(len(field.path) - 1):
            if field.path[: depth + 1] != above[: depth + 1]:
                yield Line(" ", _indent(depth) + _context(field.path[depth]))
        above = field.path[:-1]
        yield from _value_lines(field)
    if change.key.kind == "Secret":
        kept = [key for key, state in secret_keys(change.live, change.result).items() if state == "kept"]
        if kept and fields:
            yield Line(" ", f"    kept: {', '.join(kept)}")


def _context(step: Step) -> str:
    if isinstance(step, Item):
        return f"- {step.word}: {step.value}"
    return f"- # {step}" if isinstance(step, int) else f"{step}:"


def _indent(depth: int) -> str:
    return "    " + "  " * depth


def _value_lines(field: Difference) -> Iterator[Line]:
    sides = (field.before, field.after)
    before, after = (value if value is MISSING else visible(value, field.path) for value in sides)
    step = field.path[-1] if field.path else ""
    indent = _indent(len(field.path) - 1)
    if before == after and before is not MISSING:
        yield Line("~", f"{indent}{_context(step).rstrip(':')}: {HIDDEN} -> {HIDDEN}")
    elif isinstance(before, str) and isinstance(after, str) and "\n" in before + after:
        yield Line(" ", indent + _context(step))
        yield from (Line(mark, f"{indent}  {text}") for mark, text in text_lines(before, after))
    else:
        yield from (Line("-", indent + text) for text in _yaml(step, before))
        yield from (Line("+", indent + text) for text in _yaml(step, after))


def _yaml(step: Step, value: Any) -> list[str]:
    if value is MISSING:
        return []
    data = {step: value} if isinstance(step, str) else [value]
    return to_yaml(data).rstrip("\n").split("\n")
