"""From a YAML text to its node tree, within bounds of size, depth and aliases; or one finding that says why not."""

from __future__ import annotations

import re
from typing import ClassVar

import yaml

from chart_py.finding import Finding, Level, Path, Place
from chart_py.pattern import Pattern
from chart_py.secrecy import is_secret
from chart_py.values.scalars import BOOL, FLOAT, INT, NULL, TAG

# A values file of more bytes cannot end in a cluster: its texts go into one Secret, which holds 1 MiB.
MOST_BYTES = 2_000_000
# A real hub's configuration has a few thousand values, at most a dozen deep. PyYAML's composer is recursive C, which
# ends the process at some ten thousand levels, so depth is looked at before anything is composed.
MOST_NODES = 100_000
MOST_DEPTH = 100
# libyaml's own line breaks; `str.splitlines` has others too, and then no line number would be right.
_BREAK = Pattern("\r\n|[\n\r\x85\u2028\u2029]")
_UNREADABLE = Pattern("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """libyaml's parser with the scalars that Helm's YAML knows: no dates and no numbers in base 60."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _tag, _pattern, _first in (
    ("bool", BOOL, "yYnNtTfFoO"),
    ("int", INT, "-+0123456789"),
    ("float", FLOAT, "-+0123456789."),
    ("null", NULL, ["~", "n", "N", ""]),
    ("merge", Pattern(r"<<\Z"), "<"),
):
    _Loader.add_implicit_resolver(TAG + _tag, _pattern, list(_first))


class RefusedError(Exception):
    """The text cannot be used as values; `finding` says why and where."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding)


def lines_of(text: str) -> list[str]:
    """The lines of a YAML text as libyaml counts them."""
    return _BREAK.split(text)


def compose(text: str, name: str, lines: list[str]) -> yaml.Node | None:
    """The node tree of the YAML `text` of the source called `name`; None where it is empty. Raises RefusedError.

    Time and memory are bounded by the length of the text: what would be deeper than `MOST_DEPTH` or, with its aliases
    followed, larger than `MOST_NODES` is refused.
    """
    if len(text) > MOST_BYTES:
        raise _refusal("too-large", f"larger than {MOST_BYTES // 1_000_000} MB", Place(name))
    try:
        if _may_be_large(text):
            _measure(text, name, lines)
        # A block scalar in the last line ends as all others do, whether or not the editor wrote that line's end.
        loader = _Loader(text if text.endswith("\n") else text + "\n")
        try:
            node = _only_node(loader, name, lines)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise RefusedError(_not_yaml(error, text, name, lines)) from None
    if node is not None and "*" in text:
        _Aliases(name, lines).weigh(node, ())
    return node


def _only_node(loader: _Loader, name: str, lines: list[str]) -> yaml.Node | None:
    """The one document that says anything; a `---` with nothing behind it, as generators write, is none."""
    found: yaml.Node | None = None
    while loader.check_node():
        node = loader.get_node()
        if isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null":
            continue
        if found is not None:
            line = max((i for i in range(node.start_mark.line + 1) if lines[i].startswith("---")), default=0)
            place = Place(name, line + 1, 1, 3, lines[line])
            one = ("Put each document into its own file: -f one.yaml -f two.yaml",)
            message = "more than one YAML document"
            raise RefusedError(Finding(Level.ERROR, "several-documents", (), message, place, one))
        found = node
    return found


def _may_be_large(text: str) -> bool:
    """Whether the text could be too deep or too large; no needs no second look, as with any real configuration."""
    if text.count("\n") + text.count(",") > MOST_NODES // 4 or text.count("[") + text.count("{") > 200:
        return True
    # A line's own depth in block style: its leading blanks, dashes and question marks.
    return any(len(run) > 120 for run in re.findall(r"(?m)^[ \t?-]{120,}", text))


def _measure(text: str, name: str, lines: list[str]) -> None:
    loader = _Loader(text)
    depth = count = 0
    try:
        while loader.check_event():
            event = loader.get_event()
            count += 1
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MOST_DEPTH:
                raise _refusal("too-deep", f"more than {MOST_DEPTH} levels deep", _at(event.start_mark, name, lines))
            if count > MOST_NODES:
                raise _refusal("too-large", f"more than {MOST_NODES:,} values", _at(event.start_mark, name, lines))
    finally:
        loader.dispose()


class _Aliases:
    """Weighs a tree as if its aliases were written out, each node once; an anchor stands before its aliases."""

    def __init__(self, name: str, lines: list[str]) -> None:
        self.name, self.lines = name, lines
        self.known: dict[int, tuple[int, int]] = {}
        self.open: set[int] = set()

    def weigh(self, node: yaml.Node, path: Path) -> tuple[int, int]:
        """How many values `node` is once written out, and how deep. Raises RefusedError for too many and for loops."""
        if isinstance(node, yaml.ScalarNode):
            return 1, 0
        if (found := self.known.get(id(node))) is not None:
            return found
        if id(node) in self.open:
            raise self._refusal("alias-loop", "this anchor contains itself", node, path)
        self.open.add(id(node))
        size, depth = 1, 0
        for index, item in enumerate(node.value):
            key, value = item if isinstance(item, tuple) else (None, item)
            step = key.value if isinstance(key, yaml.ScalarNode) else index
            for inner in (value,) if key is None else (key, value):
                more, levels = self.weigh(inner, (*path, step))
                size, depth = size + more, max(depth, levels)
        self.open.discard(id(node))
        if size > MOST_NODES:
            message = f"more than {MOST_NODES:,} values once its aliases are written out"
            raise self._refusal("too-large", message, node, path)
        if depth >= MOST_DEPTH:
            raise self._refusal("too-deep", f"more than {MOST_DEPTH} levels deep", node, path)
        self.known[id(node)] = size, depth + 1
        return size, depth + 1

    def _refusal(self, code: str, message: str, node: yaml.Node, path: Path) -> RefusedError:
        return _refusal(code, message, _at(node.start_mark, self.name, self.lines), path)


def _refusal(code: str, message: str, place: Place, path: Path = ()) -> RefusedError:
    advice = {
        "alias-loop": ("Write out what the alias (`*name`) stands for, without the part that holds it.",),
        "too-large": ("Values of a hub are a few kilobytes; is this the right file?",),
    }
    return RefusedError(Finding(Level.ERROR, code, path, message, place, advice.get(code, ())))


def _at(mark: yaml.Mark | None, name: str, lines: list[str]) -> Place:
    line = min(mark.line if mark else 0, max(len(lines) - 1, 0))
    column = mark.column if mark and mark.line == line else 0
    source = lines[line] if lines else ""
    return Place(name, line + 1, column + 1, 1, _shown(source, line, lines))


def _shown(source: str, line: int, lines: list[str]) -> str:
    """The line; without its text where it may go on with a secret's value of a line above."""
    indent = len(source) - len(source.lstrip())
    for above in reversed(lines[max(0, line - 200) : line]):
        words = re.match(r"^(\s*)(?:- +)*[\"']?([\w.\-/]+)[\"']?\s*:", above)
        if words and len(words[1]) < indent:
            if is_secret((words[2],)):
                return source[:indent] + "(hidden)"
            indent = len(words[1])
    return source


def _not_yaml(error: yaml.YAMLError, text: str, name: str, lines: list[str]) -> Finding:
    if unreadable := _UNREADABLE.search(text):
        return _control_character(text, unreadable.start(), name, lines)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if "quoted scalar" in str(getattr(error, "context", "")):
        mark = getattr(error, "context_mark", None) or mark
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    context = str(getattr(error, "context", None) or "")
    place = _at(mark, name, lines)
    if "maximum nesting depth" in problem:
        # libyaml has a bound of its own, which it may come to before `_measure` does.
        return _refusal("too-deep", f"more than {MOST_DEPTH} levels deep", place).finding
    source = lines[place.line - 1] if lines else ""
    above = next((line for line in reversed(lines[: place.line - 1]) if line.strip()), "")
    advice = _usual_cause(problem, context, source, above)
    return Finding(Level.ERROR, "not-yaml", (), f"not valid YAML: {problem}", place, advice)


def _usual_cause(problem: str, context: str, source: str, above: str) -> tuple[str, ...]:
    if re.match(r" *\t", source) or "'\\t'" in problem or "\\t" in problem:
        return ("YAML is indented by spaces; this line starts with a tab.",)
    if "..." in (source.strip(), above.strip()):
        return ("`...` stands for lines that were left out: write them, or remove it.",)
    if "mapping values are not allowed" in problem and re.fullmatch(r"\s*(?:- +)*[\w.-]+(?::\S.*)?", above):
        return ("The line above lacks a colon, or the space after it: `key: value`.",)
    if "mapping values are not allowed" in problem:
        return ("Either this line is indented too far, or text with a colon needs quotes around it.",)
    if "quoted scalar" in context:
        return ("The quote that opens here is never closed.",)
    if "could not find expected ':'" in problem:
        return ("A key needs a colon and a space after it: `key: value`. Or the line above is indented wrongly.",)
    if "undefined alias" in problem:
        return ("`*name` repeats what `&name` marks; text that starts with an asterisk needs quotes.",)
    if "did not find expected" in problem and ("block mapping" in context or "block collection" in context):
        return ("This line's indentation matches none of the lines above; or a quote or bracket above is not closed.",)
    if "flow" in context:
        return ("A bracket that was opened is never closed, or a comma is missing.",)
    if "cannot start any token" in problem:
        return ("Text that starts with this character needs quotes around it.",)
    return ()


def _control_character(text: str, index: int, name: str, lines: list[str]) -> Finding:
    breaks = list(_BREAK.finditer(text, 0, index))
    line, column = len(breaks), index - (breaks[-1].end() if breaks else 0)
    place = Place(name, line + 1, column + 1, 1, _UNREADABLE.sub("?", _shown(lines[line], line, lines)))
    advice = ("Remove it, or write it as an escape within double quotes.",)
    if text[index] == "\0":
        advice = ("A text file has no such bytes; is this the right file?",)
    message = f"the character U+{ord(text[index]):04X} is not allowed in YAML"
    return Finding(Level.ERROR, "not-yaml", (), message, place, advice)
