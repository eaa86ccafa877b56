"""What of a value and of a difference may be shown, and how: secrets are hidden, checksums are cut short."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from chart_py.manifest.difference import MISSING, Difference, FieldPath, Item, is_checksum, same, spelled
from chart_py.secrecy import HIDDEN, Hidden, has_secret_keys, is_code, is_secret, keyed, masked, may_be_secret

NOTHING = "(nothing)"
"""What stands for a value that is not there."""
_CHECKSUM = 12
_BEFORE_THE_DIFFERENCE = 20


class Sides(NamedTuple):
    """Both values of a difference as they may be shown; MISSING where there is none, `(hidden)` for a secret."""

    before: Any
    after: Any

    @property
    def is_hidden(self) -> bool:
        """Whether one of them is a secret as a whole."""
        return any(isinstance(each, str) and each == HIDDEN for each in self)


def visible(value: Any, path: FieldPath) -> Any:
    """`value`, which stands at `path` of an object, with secrets hidden and checksums cut short; MISSING stays.

    Text keeps its lines, with the secrets in each of them hidden.
    """
    if isinstance(value, Hidden):
        return HIDDEN
    if isinstance(value, dict):
        if has_secret_keys(_words(path)[-1:]):
            return HIDDEN
        # A variable says by its name what it holds.
        hides_value = "value" in value and "name" in value and may_be_secret([str(value["name"]).lower()])
        return {
            key: HIDDEN if key == "value" and hides_value else visible(inner, (*path, str(key)))
            for key, inner in value.items()
        }
    if isinstance(value, list):
        shown = [visible(inner, path) for inner in value]
        return HIDDEN if shown and all(isinstance(each, str) and each == HIDDEN for each in shown) else shown
    if value is None or value is MISSING or isinstance(value, bool):
        return value
    if is_checksum(path):
        return str(value)[:_CHECKSUM] + ("…" if len(str(value)) > _CHECKSUM else "")
    if _is_secret(path):
        return HIDDEN
    return "\n".join(masked(line) for line in value.split("\n")) if isinstance(value, str) else value


def sides(found: Difference) -> Sides:
    """Both values of a difference as they may be shown; where only secrets in them differ, both are hidden."""
    before, after = (visible(value, found.path) for value in (found.before, found.after))
    return Sides(HIDDEN, HIDDEN) if same(before, after) else Sides(before, after)


def _words(path: FieldPath) -> list[str]:
    return [step for step in path if isinstance(step, str)]


def _is_secret(path: FieldPath) -> bool:
    """Whether the value at `path` is secret: within a document its whole path counts, elsewhere the last key does.

    What an object's own fields are called says nothing: a volume called `secret` holds none. A variable says by its
    name what it holds, in a container as in `extraEnv`.
    """
    words = _words(path)
    if words[-1:] == ["value"] and isinstance(path[-2], Item) and may_be_secret([path[-2].value.lower()]):
        return True
    if words[:1] == ["data"] and len(words) > 2:
        if words[-1] == "stringData" and not is_code(words[-2]):
            return True
        # A secret whose key is misspelt is one all the same.
        return is_secret(word for word in words[2:] if word != "extraEnv") or may_be_secret(words[-1:])
    # Below some fields `key` names a label, a taint or an entry.
    return may_be_secret(words[-1:]) and not (words[-1] == "key" and keyed(words))


# ---- lines


def lines(found: Difference, width: int = 100) -> Iterator[str]:
    """`path: before -> after` on one line; of a text, and of a list that is too long for that, what differs in it."""
    name, shown = spelled(found.path), sides(found)
    if not shown.is_hidden:
        changed = changed_lines(found, around=0)
        if changed and (is_text(found) or max(len(_json(each)) for each in shown) > width):
            yield f"{name}:"
            yield from (f"    {mark} {text}" for mark, text in changed)
            return
    yield f"{name}: {' -> '.join(_on_a_line(shown, width))}"


def _on_a_line(shown: Sides, width: int) -> tuple[str, str]:
    """Both values in `width` columns each, those of them in which they differ."""
    old, new = (HIDDEN if isinstance(each, str) and each == HIDDEN else _json(each) for each in shown)
    start = 0
    if MISSING not in shown and max(len(old), len(new)) > width:
        most = min(len(old), len(new))
        alike = next((i for i in range(most) if old[i] != new[i]), most)
        start = max(0, alike - _BEFORE_THE_DIFFERENCE)
    return _cut(old, start, width), _cut(new, start, width)


def _cut(text: str, start: int, width: int) -> str:
    shown = ("…" if start else "") + text[start:]
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def _json(value: Any) -> str:
    return NOTHING if value is MISSING else json.dumps(value, ensure_ascii=False, default=str)


def changed_lines(found: Difference, *, around: int = 2) -> list[tuple[str, str]]:
    """What differs in a text of several lines, or in a list of words, with lines `around`; else an empty list.

    Each line has its mark, `-`, `+` or a space; a gap is a line `…`. Lines are compared as they are, and masked after.
    """
    if is_text(found):
        before, after = found.before.split("\n"), found.after.split("\n")
        return _marked(before, after, [masked(each) for each in before], [masked(each) for each in after], around)
    if _is_list_of_words(found.before) and _is_list_of_words(found.after):
        before, after = ([_json(each) for each in side] for side in (found.before, found.after))
        old, new = ([f"- {_json(visible(v, found.path))}" for v in side] for side in (found.before, found.after))
        return _marked(before, after, old, new, around)
    return []


def is_text(found: Difference) -> bool:
    """Whether both values are texts, and one of them has several lines."""
    both = (found.before, found.after)
    return all(isinstance(v, str) and not isinstance(v, Hidden) for v in both) and any("\n" in v for v in both)


def _is_list_of_words(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(each, (dict, list, Hidden)) for each in value)


def _marked(
    before: Sequence[str], after: Sequence[str], old: Sequence[str], new: Sequence[str], around: int
) -> list[tuple[str, str]]:
    """The lines in which `before` and `after` differ, as `old` and `new` show them."""
    found: list[tuple[str, str]] = []
    groups = difflib.SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(around)
    for number, group in enumerate(groups):
        if number:
            found.append((" ", "…"))
        for tag, start, end, other_start, other_end in group:
            if tag == "equal":
                found += [(" ", line) for line in old[start:end]]
                continue
            found += [("-", line) for line in old[start:end]]
            found += [("+", line) for line in new[other_start:other_end]]
    return found
