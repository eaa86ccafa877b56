"""Edits of a configuration's text, each from one text to the next: every line that is not edited stays as it is.

Loading YAML and writing it again, with comments, would join folded lines, move comments and indent lists its
own way. Here the text is cut and put together by the places that the parser tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chart_py.finding import Path
from chart_py.manifest.documents import to_yaml
from chart_py.migrate.source import BLANK, Document, Entry, Node, data, document


@dataclass(frozen=True)
class Fragment:
    """An entry taken out of a text: `comments` above it, `body` from behind the key, without indentation."""

    comments: tuple[str, ...]
    key: str
    body: tuple[str, ...]

    def lines(self, indent: str) -> list[str]:
        """The entry as lines, `indent` before each."""
        whole = (*self.comments, self.key + self.body[0], *self.body[1:])
        # A line of spaces counts in a block of text: only one that has none of its own stays empty.
        return [indent + line if line else "" for line in whole]


def fragment(doc: Document, path: Path) -> Fragment:
    """The entry at `path` of a block mapping, with its comments."""
    entry = doc.entry(path)
    assert entry is not None
    column, lead = doc.column(entry.key.start), doc.lead(path)
    comments = doc.text[lead : doc.line_start(entry.key.start)].splitlines()
    body = doc.text[entry.key.end : doc.line_end(entry.end)].split("\n")
    return Fragment(
        tuple(line.strip() for line in comments),
        doc.text[entry.key.start : entry.key.end],
        (body[0], *(_outdented(line, column) for line in body[1:])),
    )


def written(word: str, value: Any, comments: Iterable[str] = ()) -> Fragment:
    """An entry made of a word and a value; a text of several lines is a block, spaces at lines' ends too."""
    key = key_text(word)
    lines = (_block(value) if isinstance(value, str) and "\n" in value else None) or (
        to_yaml({word: value}).rstrip("\n")[len(key) :].split("\n")
    )
    return Fragment(tuple(comments), key, tuple(lines))


def _block(value: str) -> list[str] | None:
    """The body of an entry with a text as a block; None where no block can hold it."""
    first = next((line for line in value.split("\n") if line.strip(" ")), "")
    kept = "-" if not value.endswith("\n") else "+" if value.endswith("\n\n") else ""
    lines = value.removesuffix("\n").split("\n")
    mark = "2" if first.startswith(" ") or not lines[0].strip(" ") else ""
    body = [f": |{mark}{kept}", *("  " + line if line else "" for line in lines)]
    return body if data("x" + "\n".join(body) + "\n", ("x",)) == value else None


def key_text(word: str) -> str:
    """A word as a YAML key, quoted where it must be."""
    return to_yaml({word: 0}).rsplit(":", 1)[0]


def _outdented(line: str, columns: int) -> str:
    kept = len(line) - len(line.lstrip(" "))
    return line[min(kept, columns) :]


def indent_of(doc: Document) -> int:
    """By how many columns the text indents a section's words."""
    for entry in doc.root.entries if doc.root else ():
        inner = entry.value
        if inner.kind == "map" and not inner.flow and inner.entries:
            return max(doc.column(inner.entries[0].key.start) - doc.column(entry.key.start), 1)
    return 2


def put(text: str, path: Path, piece: Fragment, near: Path = ()) -> str:
    """`text` with `piece` as the entry at `path`, below sections that are made where they are missing.

    It goes right before the entry at `near` where both are in the same section, else to the section's end.
    """
    text = opened(text, path[:-1])
    doc = document(text)
    depth = next(n for n in range(len(path) - 1, -1, -1) if not n or doc.entry(path[:n]))
    around = doc.value(path[:depth])
    parent, step = doc.entry(path[:depth]), " " * indent_of(doc)
    if around is not None and around.entries:
        column = doc.column(around.entries[0].key.start)
        step = " " * (column - doc.column(parent.key.start)) if parent else step
    else:
        column = doc.column(parent.key.start) + len(step) if parent else 0
    indent, lines = " " * column, []
    for word in path[depth:-1]:
        lines.append(f"{indent}{key_text(str(word))}:")
        indent += step
    lines += piece.lines(indent)
    return _inserted(doc, path[:depth], near, "\n".join(lines) + "\n")


def _inserted(doc: Document, section: Path, near: Path, lines: str) -> str:
    text = doc.text
    beside = near[: len(section) + 1]
    if len(beside) > len(section) and beside[:-1] == section and doc.entry(beside):
        at = doc.lead(beside)
        return text[:at] + lines + text[at:]
    around, parent = doc.value(section), doc.entry(section)
    last = around.entries[-1].end if around is not None and around.entries else parent.end if parent else len(text)
    at = doc.line_end(last) + 1
    if at > len(text):
        return text + ("\n" if text and not text.endswith("\n") else "") + lines
    # Comments that are further in than the new words belong to the word before.
    at += _inner_comments(text[at:], len(lines) - len(lines.lstrip(" ")))
    return text[:at] + lines + text[at:]


def append(text: str, path: Path, items: list[Any]) -> str:
    """`text` with `items` at the end of the list at `path`."""
    text = opened(text, path[:-1])
    doc = document(text)
    listed = _value(doc, path)
    if listed.kind != "seq" or listed.flow or not listed.items:
        return changed(text, path, [*data(text, path), *items])
    indent = doc.text[doc.line_start(listed.items[0].start) :].split("-", 1)[0]
    at = doc.line_end(listed.end) + 1
    lines = "".join(f"{indent}{line}\n" for line in to_yaml(items).rstrip("\n").split("\n"))
    return text + "\n" + lines if at > len(text) else text[:at] + lines + text[at:]


def changed(text: str, path: Path, value: Any) -> str:
    """`text` with another value at `path`; a text within a text is changed in its own quotes."""
    doc = document(text)
    node, before = _value(doc, path), data(text, path)
    shown = text[node.start : node.end]
    if isinstance(value, str) and isinstance(before, str) and node.style not in ("|", ">") and shown.count(before) == 1:
        return text[: node.start] + shown.replace(before, value) + text[node.end :]
    return text[: node.start] + json.dumps(value, ensure_ascii=False) + text[node.end :]


def renamed(text: str, path: Path, word: str) -> str:
    """`text` with another word for the entry at `path`, in its place."""
    key = _entry(document(text), path).key
    return text[: key.start] + key_text(word) + text[key.end :]


def nested(text: str, path: Path, word: str) -> str:
    """`text` with the value at `path` one level deeper, as the value of `word`."""
    doc = document(opened(text, path[:-1]))
    piece, indent = fragment(doc, path), " " * doc.column(_entry(doc, path).key.start)
    step = " " * indent_of(doc)
    inner = Fragment((), key_text(word), piece.body).lines(indent + step)
    outer = Fragment(piece.comments, piece.key, (":",)).lines(indent)
    start, end = doc.lead(path), doc.line_end(_entry(doc, path).end)
    return doc.text[:start] + "\n".join([*outer, *inner]) + doc.text[end:]


def cut(text: str, path: Path) -> str:
    """`text` without the entry at `path` and its comments, and without the sections that it leaves empty.

    Comments of those sections stay where they were.
    """
    doc = document(text)
    start, end = doc.lead(path), doc.line_end(_entry(doc, path).end)
    top = _emptied(doc, path)
    if top == path:
        return _without(doc, start, end, [], path)
    first, last = doc.lead(top), max(doc.line_end(_entry(doc, top).end), end)
    return _without(doc, first, last, doc.comments(first, start) + doc.comments(end, last), top)


def erased(text: str, path: Path) -> str:
    """`text` without the entry at `path` and the sections that it leaves empty; all their comments stay."""
    doc = document(text)
    around = doc.value(path[:-1])
    if around is not None and around.flow and len(around.entries) > 1 and not doc.comments(around.start, around.end):
        return _taken_from_braces(doc, around, _entry(doc, path))
    doc = document(reached(text, path))
    top = _emptied(doc, path)
    start, end = doc.lead(top), doc.line_end(_entry(doc, top).end)
    return _without(doc, start, end, doc.comments(start, end), top)


def _taken_from_braces(doc: Document, around: Node, entry: Entry) -> str:
    index = around.entries.index(entry)
    if index:
        start, end = around.entries[index - 1].end, entry.end
    else:
        start, end = entry.key.start, around.entries[1].key.start
    return doc.text[:start] + doc.text[end:]


def _emptied(doc: Document, path: Path) -> Path:
    """The highest section that holds nothing but the entry at `path`."""
    while len(path) > 1 and len(_value(doc, path[:-1]).entries) == 1:
        path = path[:-1]
    return path


def _without(doc: Document, start: int, end: int, comments: list[str], at: Path) -> str:
    """The text with `comments`, indented as the entry `at`, for the lines from `start` to `end`.

    Comments that were further in, below those lines, come out: behind a block of text they would become part of it.
    Where nothing takes the lines' place, blank lines above and below become one set.
    """
    column = doc.column(_entry(doc, at).key.start)
    before, after = doc.text[:start], doc.text[end + 1 :]
    inner = _inner_comments(after, column)
    after = re.sub(r"(?m)^ +(?=#)", " " * column, after[:inner]) + after[inner:]
    if not comments:
        if not before.strip() or before.endswith("\n\n"):
            after = after.lstrip("\n")
        return before + after
    return before + "".join(f"{' ' * column}{comment}\n" for comment in comments) + after


def _inner_comments(text: str, column: int) -> int:
    """Where the comments at the start of `text` end that are indented by more than `column`."""
    at = end = 0
    for line in text.split("\n"):
        at += len(line) + 1
        body = line.lstrip(" ")
        if body.startswith("#") and len(line) - len(body) > column:
            end = at
        elif body.strip():
            break
    return min(end, len(text))


def all_comments(doc: Document, path: Path) -> list[str]:
    """The comments above, beside and within the entry at `path`."""
    return doc.comments(doc.lead(path), doc.line_end(_entry(doc, path).end))


def opened(text: str, section: Path) -> str:
    """`text` with the section at `section`, and those above it, as blocks of lines, as far as they are there.

    A section in braces is written as lines; what an alias or a merge key brings into it is written out.
    """
    for depth in range(len(section) + 1):
        path = section[:depth]
        doc = document(text)
        if path and doc.entry(path) is None:
            if data(text, path) is None:
                return text
            text = _written_out(text, path[:-1])
            doc = document(text)
        node = doc.value(path)
        if node is not None and node.kind == "alias":
            text = text[: node.start] + json.dumps(data(text, path), ensure_ascii=False) + text[node.end :]
            node = document(text).value(path)
        if node is not None and node.kind == "map" and node.flow and node.entries:
            text = _unfolded(text, path)
        elif node is not None and not node.is_null and (node.kind != "map" or node.flow):
            # An empty section (`{}`, null): what is put into it takes its place.
            text = text[: node.start].rstrip(BLANK) + text[node.end :]
    return text


def reached(text: str, path: Path) -> str:
    """`text` with the entry at `path` written as a line of its own."""
    text = opened(text, path[:-1])
    return text if document(text).entry(path) else _written_out(text, path[:-1])


def moved_comments(text: str, start: int, to: int) -> str:
    """`text` with the comments between two offsets moved to right above the line at the second one."""
    doc = document(text)
    spans = doc.comment_spans(start, to)
    indent = " " * (len(text[to:]) - len(text[to:].lstrip(" ")))
    lines = "".join(f"{indent}{text[begin:end].rstrip()}\n" for begin, end in spans)
    text = text[:to] + lines + text[to:]
    for begin, end in reversed(spans):
        line = doc.line_start(begin)
        beside = bool(text[line:begin].strip())
        text = text[:begin].rstrip(BLANK) + text[end:] if beside else text[:line] + text[end + 1 :]
    return text


def _written_out(text: str, section: Path) -> str:
    """`text` with the words that merge keys bring into a section written out in their place, with their comments."""
    here = _entry(document(text), (*section, "<<")).value
    text = unaliased(text, [node.anchor for node in here.walk() if node.anchor and node.kind != "alias"])
    own = {entry.key.text for entry in _value(document(text), section).entries}
    merged: Any = data(text, section)
    brought = [word for word in merged if word not in own]
    comments = all_comments(document(text), (*section, "<<"))
    for word in brought:
        text = put(text, (*section, word), written(word, merged[word], comments), (*section, "<<"))
        comments = []
    return (cut if brought else erased)(text, (*section, "<<"))


def detached(text: str, paths: Iterable[Path]) -> str:
    """`text` without the anchors and aliases of the sections above `paths`: a change there is no change elsewhere."""
    doc, names = document(text), set()
    for path in paths:
        for depth in range(1, len(path)):
            node = doc.value(path[:depth])
            if node is not None and node.anchor:
                names.add(node.anchor)
    return detached(unaliased(text, names), paths) if names else text


def unaliased(text: str, names: Iterable[str]) -> str:
    """`text` with each alias to one of the anchors `names` replaced by what it stands for, and the anchors gone."""
    root, wanted = document(text).root, set(names)
    edits: list[tuple[int, int, str]] = []
    values: dict[str | None, Any] = {}
    for path, node in _places(root, ()) if root else ():
        if node.anchor in wanted and node.kind == "alias":
            edits.append((node.start, node.end, json.dumps(values[node.anchor], ensure_ascii=False)))
        elif node.anchor in wanted:
            values[node.anchor] = _anchored(text, path, node)
            start = text.index(f"&{node.anchor}", node.start)
            end = start + len(f"&{node.anchor}")
            edits.append((start, end + (text[end : end + 1] == " "), ""))
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def _anchored(text: str, path: Path, node: Node) -> Any:
    """The value at an anchor; one below a merge key has no path of its own in the data, and is read by itself."""
    if "<<" not in path:
        return data(text, path)
    column = document(text).column(node.start)
    return data(f"value:\n{' ' * column}{text[node.start : node.end]}\n", ("value",))


def _places(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    yield path, node
    for entry in node.entries:
        yield from _places(entry.value, (*path, entry.key.text))
    for index, item in enumerate(node.items):
        yield from _places(item, (*path, index))


def _unfolded(text: str, path: Path) -> str:
    """`text` with the map in braces at `path` as lines, one word each."""
    doc = document(text)
    node, parent = _value(doc, path), doc.entry(path)
    step = indent_of(doc)
    indent = " " * (doc.column(parent.key.start) + step if parent else 0)
    brace = text.index("{", node.start)
    head, lines = _beside(doc, brace + 1, node.entries[0].key.start)
    lines = [indent + line for line in lines]
    for index, entry in enumerate(node.entries):
        value = text[entry.value.start : entry.value.end].split("\n")
        more = [indent + " " * step + line.strip() if line.strip() else "" for line in value[1:]]
        after = node.entries[index + 1].key.start if index + 1 < len(node.entries) else node.end - 1
        beside, below = _beside(doc, entry.end, after)
        lines.append(f"{indent}{text[entry.key.start : entry.key.end]}:{' ' * bool(value[0])}{value[0]}")
        lines += more
        lines[-1] += f"  {beside}" * bool(beside)
        lines += [indent + comment for comment in below]
    tail = text[node.end : doc.line_end(node.end)]
    rest = text[doc.line_end(node.end) :]
    if parent is None:
        return text[: node.start] + "\n".join(filter(None, (head, *lines))) + tail + rest
    marks = text[node.start : brace].strip()
    first = text[: parent.key.end] + ":" + f" {marks}" * bool(marks) + f"  {head}" * bool(head) + tail.rstrip()
    return first + "\n" + "\n".join(lines) + rest


def _beside(doc: Document, start: int, end: int) -> tuple[str, list[str]]:
    """The comment in the line of `start`, and those below it, up to `end`."""
    line_end = min(doc.line_end(start), end)
    beside = doc.comments(start, line_end)
    return (beside[0] if beside else ""), doc.comments(line_end, end)


def _entry(doc: Document, path: Path) -> Entry:
    found = doc.entry(path)
    assert found is not None, path
    return found


def _value(doc: Document, path: Path) -> Node:
    found = doc.value(path)
    assert found is not None, path
    return found
