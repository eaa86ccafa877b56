"""A plan as text: per object what is done, the fields that change as YAML with their context, and a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from chart_py.changes.change import Change, Operation
from chart_py.changes.dangers import dangers
from chart_py.changes.folding import (
    Derived,
    Restart,
    counterpart,
    derived,
    fields_of,
    own_fields,
    relabelled,
    restart,
)
from chart_py.changes.mask import secret_keys
from chart_py.changes.plan import Plan
from chart_py.manifest.difference import MISSING, Difference, FieldPath, Item, Step
from chart_py.manifest.documents import to_yaml
from chart_py.manifest.shown import NOTHING, changed_lines, is_text, sides
from chart_py.secrecy import HIDDEN
from chart_py.views.danger_text import headline, named
from chart_py.views.plan_reach import shift_texts, shifts_of

_MARKS = {
    Operation.CREATE: "+",
    Operation.UPDATE: "~",
    Operation.REPLACE: "!",
    Operation.DELETE: "-",
    Operation.KEEP: "=",
    Operation.UNCHANGED: " ",
}
MOST_LINES = 24
"""How many lines of one text are shown where nobody asks for all: what changes elsewhere has to be seen too."""
LOUD = "!!"
"""The mark of a line that nobody may overlook."""


class Line(NamedTuple):
    """A line of a plan's text. `mark` is `+` (new), `-` (gone), `~`, `!`, `=` (headings), `!!` (dangers) or a space."""

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark} {self.text}".rstrip()


def lines(plan: Plan, *, whole: bool = False) -> list[Line]:
    """The plan, object by object in the order of execution, and its summary.

    With `whole` unchanged objects are in it too, those whose change is told in a line for many, and long texts.
    """
    found = [Line(LOUD, line) for danger in dangers(plan) for line in (headline(danger), *named(danger))]
    found += [Line("~", text) for text in shift_texts(shifts_of(plan), whole=whole)]
    if plan.creates_namespace:
        found.append(Line("+", f"create Namespace/{plan.namespace}"))
    for change in plan.changes:
        is_quiet = change.operation is Operation.UNCHANGED or _says_nothing_more(change)
        if whole or not is_quiet:
            found += change_lines(change, plan, whole=whole)
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


def change_lines(change: Change, plan: Plan, *, whole: bool = False) -> list[Line]:
    """One object: its heading, and for an update the fields that change by themselves; see `folding`."""
    extra = [change.reason] if change.reason else []
    extra += [_restart_text(why)] if (why := restart(change, plan)) else []
    extra += [f"compared with {before.key}"] if (before := counterpart(change, plan)) else []
    note = f" ({'; '.join(extra)})" if extra else ""
    where = f" in {change.key.namespace}" if change.key.namespace else ""
    found = [Line(_MARKS[change.operation], f"{change.operation.value} {change.key}{where}{note}")]
    fields = fields_of(change, plan)
    found += _field_lines(fields, whole=whole)
    if change.operation in (Operation.UPDATE, Operation.REPLACE):
        found += _rest_lines(change)
    return found


def _restart_text(why: Restart) -> str:
    if why.reads:
        return f"its pods restart: it reads {' and '.join(why.reads)}"
    if why.follows == {Derived.RENDERER}:
        return "its pods restart: only names of the renderer change in them"
    if why.follows:
        return "its pods restart: only a checksum of what they read changes"
    return "its pods restart"


def _folded_lines(plan: Plan) -> Iterator[Line]:
    """What many objects have in common, each in one line."""
    movers: dict[tuple[str, ...], int] = {}
    for change in plan.writing:
        if change.takes_over:
            movers[change.takes_over] = movers.get(change.takes_over, 0) + 1
    for managers, count in movers.items():
        fields = "1 object: its fields move" if count == 1 else f"{count} objects: their fields move"
        yield Line("~", f"{fields} from {' and '.join(managers)} to chart_py")
    for row in relabelled(plan.changes):
        what = "1 object" if row.objects == 1 else f"{row.objects} objects"
        yield Line("~", f"{what}: {', '.join(row.labels)}: {row.before or NOTHING} -> {row.after or NOTHING}")


def _says_nothing_more(change: Change) -> bool:
    """Whether all that an update does stands in the folded lines."""
    if change.operation is not Operation.UPDATE or change.restarts:
        return False
    kinds = {derived(each) for each in change.fields}
    return kinds == {Derived.RENDERER} or (bool(change.takes_over) and kinds <= {Derived.RENDERER})


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


def _rest_lines(change: Change) -> Iterator[Line]:
    """What of an update says nothing by itself, and the keys of a Secret that stay."""
    kinds = [derived(each) for each in change.fields]
    if not kinds and not change.takes_over:
        yield Line(" ", "    the same content, written in another form")
    if unset := kinds.count(Derived.UNSET):
        what = "1 setting that is null" if unset == 1 else f"{unset} settings that are null"
        yield Line(" ", f"    not listed: {what} on one side and missing on the other")
    if kinds and set(kinds) <= {Derived.CHECKSUM, Derived.RENDERER} and not change.restarts:
        yield Line(" ", "    only a checksum changes")
    if change.key.kind == "Secret":
        kept = [key for key, state in secret_keys(change.live, change.result).items() if state == "kept"]
        if kept and None in kinds:
            yield Line(" ", f"    kept: {', '.join(kept)}")


def _field_lines(fields: Iterable[Difference], *, whole: bool) -> Iterator[Line]:
    above: FieldPath = ()
    for field in own_fields(fields):
        for depth in range(len(field.path) - 1):
            if field.path[: depth + 1] != above[: depth + 1]:
                yield Line(" ", _indent(depth) + _context(field.path[depth]))
        above = field.path[:-1]
        yield from _value_lines(field, whole=whole)


def _context(step: Step) -> str:
    if isinstance(step, Item):
        return f"- {step.word}: {step.value}"
    return f"- # {step}" if isinstance(step, int) else f"{step}:"


def _indent(depth: int) -> str:
    return "    " + "  " * depth


def _value_lines(field: Difference, *, whole: bool) -> Iterator[Line]:
    shown = sides(field)
    step = field.path[-1] if field.path else ""
    indent = _indent(len(field.path) - 1)
    if shown.before == shown.after:
        yield Line("~", f"{indent}{_context(step).rstrip(':')}: {HIDDEN} -> {HIDDEN}")
        return
    changed = [] if shown.is_hidden else changed_lines(field)
    if not changed:
        yield from (Line("-", indent + text) for text in _yaml(step, shown.before))
        yield from (Line("+", indent + text) for text in _yaml(step, shown.after))
        return
    if not whole and is_text(field) and len(changed) > MOST_LINES and not _has_much_in_common(field):
        sizes = [f"{len(text.splitlines())} lines" for text in (field.before, field.after)]
        yield Line("~", f"{indent}{step}: another text ({' -> '.join(sizes)}); -v shows both")
        return
    yield Line(" ", indent + _context(step))
    most = len(changed) if whole or len(changed) <= MOST_LINES else MOST_LINES
    yield from (Line(mark, f"{indent}  {text}") for mark, text in changed[:most])
    if most < len(changed):
        yield Line(" ", f"{indent}  … {len(changed) - most} more lines; -v shows them")


def _has_much_in_common(field: Difference) -> bool:
    """Whether two texts share enough lines to be read as an old and a new one."""
    old, new = (set(text.split("\n")) for text in (field.before, field.after))
    return len(old & new) * 4 > max(len(old), len(new))


def _yaml(step: Step, value: Any) -> list[str]:
    if value is MISSING:
        return []
    data = {step: value} if isinstance(step, str) else [value]
    return to_yaml(data).rstrip("\n").split("\n")
