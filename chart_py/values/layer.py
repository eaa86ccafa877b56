"""A `Layer`: one source of values (a file, standard input, `--set`, `--set-file`), with the place of every word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import yaml

from chart_py.finding import Finding, Level, Path, Place, dotted, masked

# More nodes than this, once aliases are followed, is no configuration but a bomb (a real hub has a few thousand).
MOST_NODES = 500_000
MOST_BYTES = 10_000_000
MOST_DEPTH = 100

_INT = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0o?[0-7_]+|[1-9][0-9_]*|0)\Z")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
)
_BOOL = re.compile(r"(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\Z")
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """libyaml's parser with the scalars that Helm's YAML knows: no dates and no numbers in base 60."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _tag, _pattern, _first in (
    ("bool", _BOOL, "yYnNtTfFoO"),
    ("int", _INT, "-+0123456789"),
    ("float", _FLOAT, "-+0123456789."),
    ("null", _NULL, ["~", "n", "N", ""]),
    ("merge", re.compile(r"<<\Z"), "<"),
):
    _Loader.add_implicit_resolver(_TAG + _tag, _pattern, list(_first))


def scalar(tag: str, text: str) -> Any:
    """The Python value of a plain scalar's text by its resolved tag's last word."""
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in ("yes", "true", "on")
    if tag == "int":
        digits = text.replace("_", "").lower()
        sign, digits = (-1, digits[1:]) if digits[0] == "-" else (1, digits.lstrip("+"))
        if digits.startswith(("0x", "0b", "0o")):
            return sign * int(digits, 0)
        return sign * int(digits, 8 if len(digits) > 1 and digits[0] == "0" else 10)
    if tag == "float":
        number = float(re.sub(r"\.(?=[iInN])", "", text))
        # Helm's values are JSON, where 1.0 is 1; the source text is kept for where text is due.
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    return text


def plain(text: str) -> Any:
    """The value of a plain scalar as YAML reads it: `1` a number, `yes` true, `` and `null` None, `v1` text."""
    for tag, pattern in (("null", _NULL), ("bool", _BOOL), ("int", _INT), ("float", _FLOAT)):
        if pattern.match(text):
            return scalar(tag, text)
    return text


class Layer:
    """One source of values: `tree` is what it says as plain Python data, with None for null.

    `moved` maps a word's path in `tree` to the path where the user wrote it, for words that were translated.
    """

    def __init__(
        self, name: str, tree: dict[str, Any], node: yaml.Node | None = None, lines: list[str] | None = None
    ) -> None:
        self.name = name
        self.tree = tree
        self.node = node
        self.lines = lines or []
        self.moved: dict[Path, Path] = {}

    def below(self, path: Path) -> Layer:
        """What this layer says below `path` as a layer of its own, whose words stand in the same places."""
        tree: Any = self.tree
        for step in path:
            tree = tree[step]
        return Layer(self.name, tree, self._find(path)[1] if self.node is not None else None, self.lines)

    def written(self, path: Path) -> Path:
        """The path at which the user wrote the word that `tree` has at `path`."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.moved:
                return self.moved[path[:end]] + path[end:]
        return path

    def has(self, path: Path) -> bool:
        """Whether this layer says anything at `path`."""
        here: Any = self.tree
        for step in path:
            if isinstance(here, dict):
                if step not in here:
                    return False
                here = here[step]
            elif isinstance(here, list) and isinstance(step, int) and step < len(here):
                here = here[step]
            else:
                return False
        return True

    def place(self, path: Path, *, of_value: bool = False) -> Place:
        """Where the word at `path` stands: its key, or with `of_value` its value; else the nearest word above."""
        if self.node is None:
            return Place(self.name)
        key, value = self._find(self.written(path))
        return self._place(value if of_value or key is None else key)

    def text(self, path: Path) -> str | None:
        """The source text of the scalar at `path`; None where there is no scalar."""
        if self.node is None:
            return None
        written = self.written(path)
        key, value = self._find(written)
        return str(value.value) if isinstance(value, yaml.ScalarNode) and (key is not None or written) else None

    def _find(self, path: Path) -> tuple[yaml.Node | None, yaml.Node]:
        key: yaml.Node | None = None
        here = self.node
        assert here is not None
        for step in path:
            found = _child(here, step)
            if found is None:
                break
            key, here = found
        return key, here

    def _place(self, node: yaml.Node) -> Place:
        start, end = node.start_mark, node.end_mark
        length = end.column - start.column if end.line == start.line else 0
        source = self.lines[start.line] if start.line < len(self.lines) else ""
        return Place(self.name, start.line + 1, start.column + 1, max(length or len(source) - start.column, 1), source)


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    """The key node and value node below `node` at `step`; a merge key's words count as the mapping's own."""
    if isinstance(node, yaml.MappingNode) and isinstance(step, str):
        merged: list[yaml.Node] = []
        for key, value in reversed(node.value):
            if isinstance(key, yaml.ScalarNode):
                if key.tag == _TAG + "merge":
                    merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
                elif key.value == step:
                    return key, value
        for mapping in merged:
            if found := _child(mapping, step):
                return found
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


Say = Callable[[Finding], None]


def from_text(text: str, name: str, say: Say) -> Layer:
    """Read the YAML `text` of the source called `name`.

    Whatever is wrong with it goes to `say` as a finding of level error; the layer is then as much as could be read.
    """
    lines = text.splitlines()
    try:
        node = _compose(text)
    except yaml.YAMLError as error:
        say(_not_yaml(error, name, lines))
        return Layer(name, {})
    layer = Layer(name, {}, node, lines)
    if node is None:
        return layer
    if not isinstance(node, yaml.MappingNode):
        found = (
            "null"
            if node.tag == _TAG + "null"
            else "a list"
            if isinstance(node, yaml.SequenceNode)
            else "a single value"
        )
        if found != "null":
            advice = ("A configuration is a map of sections, for example:", "hub:", "  config: {}")
            say(Finding(Level.ERROR, "not-a-map", (), f"values are a map, this is {found}", layer.place(()), advice))
        return layer
    layer.tree = _Construction(layer, say).mapping(node, ())
    return layer


def _compose(text: str) -> yaml.Node | None:
    # A block scalar in the last line ends as all others do, whether or not the editor wrote the line's end.
    loader = _Loader(text if text.endswith("\n") else text + "\n")
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def _not_yaml(error: yaml.YAMLError, name: str, lines: list[str]) -> Finding:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    line = mark.line if mark else 0
    line = min(line, len(lines) - 1) if lines else 0
    source = lines[line] if lines else ""
    place = Place(name, line + 1, (mark.column if mark else 0) + 1, 1, masked(source))
    advice: tuple[str, ...] = ()
    if "expected a single document" in problem or "single document" in str(error):
        return Finding(
            Level.ERROR,
            "several-documents",
            (),
            "more than one YAML document",
            place,
            ("Give each document as a file of its own: -f one.yaml -f two.yaml",),
        )
    if "\t" in source or "'\\t'" in problem:
        advice = ("YAML is indented by spaces; this line has a tab.",)
    elif source.strip() == "...":
        advice = ("`...` stands for lines that were left out: write them, or take it out.",)
    elif "mapping values are not allowed" in problem:
        advice = ("A colon inside a text needs quotes around the text, or the line is indented too far.",)
    elif "quoted scalar" in str(getattr(error, "context", "")):
        advice = ("The quote that opens here is never closed.",)
    return Finding(Level.ERROR, "not-yaml", (), f"this is not YAML: {problem}", place, advice)


class _Construction:
    """Makes plain data of a node tree; follows aliases and merge keys, within bounds."""

    def __init__(self, layer: Layer, say: Say) -> None:
        self.layer = layer
        self.say = say
        self.nodes = 0
        self.open: set[int] = set()

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if not self._enter(node, path):
            return out
        own: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.tag == _TAG + "merge" and isinstance(key, yaml.ScalarNode):
                for other in self._merged(key, value, path):
                    for name, found in other.items():
                        out.setdefault(name, found)
            elif not isinstance(key, yaml.ScalarNode):
                place = self.layer._place(key)
                self.say(Finding(Level.ERROR, "key-not-text", path, "a key must be text", place))
            else:
                if key.value in own:
                    self._twice(key, own[key.value], path)
                own[key.value] = key
                out[key.value] = self.value(value, (*path, key.value))
        self.open.discard(id(node))
        return out

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.nodes += 1
        if isinstance(node, yaml.ScalarNode):
            return scalar(node.tag[len(_TAG) :] if node.tag.startswith(_TAG) else "str", node.value)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        out: list[Any] = []
        if self._enter(node, path):
            out = [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            self.open.discard(id(node))
        return out

    def _enter(self, node: yaml.Node, path: Path) -> bool:
        code = ""
        if id(node) in self.open:
            code, message = "alias-loop", "this anchor holds itself"
        elif self.nodes > MOST_NODES:
            code, message = "too-large", f"more than {MOST_NODES:,} values once its aliases are followed"
        if code:
            if self.nodes <= MOST_NODES + 1:
                self.say(Finding(Level.ERROR, code, path, message, self.layer._place(node)))
            self.nodes += MOST_NODES + 2 if code == "too-large" else 0
            return False
        self.open.add(id(node))
        return True

    def _merged(self, key: yaml.Node, value: yaml.Node, path: Path) -> Iterator[dict[str, Any]]:
        for item in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if isinstance(item, yaml.MappingNode):
                yield self.mapping(item, path)
            else:
                place = self.layer._place(key)
                self.say(Finding(Level.ERROR, "merge-not-a-map", path, "`<<` merges a map or a list of maps", place))

    def _twice(self, key: yaml.ScalarNode, first: yaml.Node, path: Path) -> None:
        place = self.layer._place(first)
        message = f"written twice, first in line {place.line}"
        advice = ("YAML would silently keep only one of them; join the two.",)
        self.say(Finding(Level.ERROR, "duplicate-key", (*path, key.value), message, self.layer._place(key), advice))


def from_setting(setting: str, say: Say, *, text: str | None = None, flag: str = "--set") -> Layer | None:
    """A layer of one word: `path=value` with the value typed as YAML types it, or `path` with `text` as its value.

    A path is words with dots between; a dot within a word is written `\\.`, an item of a list as `[0]` is refused,
    because lists replace. The value keeps its source text where text is due.
    """
    path_text, sign, value = setting.partition("=")
    words = [part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", path_text.strip())]
    name = f"{flag} {masked(setting) if sign else setting}"
    if not sign or not all(words) or any(re.search(r"\[\d+\]$", part) for part in words):
        example = "--set singleuser.image.tag=v1" if flag == "--set" else "--set-file hub.extraConfig.mine=mine.py"
        advice = (f"Write {example}; a dot within a word is \\. and a list is given whole: --set a.b='[x, y]'",)
        say(
            Finding(
                Level.ERROR, "not-a-setting", (), "this is not path=value", Place(f"{flag} {masked(path_text)}"), advice
            )
        )
        return None
    if text is not None:
        found, node = text, yaml.ScalarNode(_TAG + "str", text)
    elif value[:1] in "[{\"'" and value:
        return _structured(name, words, value, say)
    else:
        found, node = plain(value), yaml.ScalarNode(_TAG + "str", value)
    tree: Any = found
    for part in reversed(words):
        tree = {part: tree}
    return _Setting(name, tree, tuple(words), str(node.value))


def _structured(name: str, words: list[str], value: str, say: Say) -> Layer | None:
    inner = from_text(
        f"value: {value}", name, lambda f: say(Finding(f.level, f.code, tuple(words), f.message, Place(name), f.advice))
    )
    tree: Any = inner.tree.get("value")
    for part in reversed(words):
        tree = {part: tree}
    return _Setting(name, tree, tuple(words), None, inner)


class _Setting(Layer):
    """A layer that comes from the command line: it has no lines, its place is the flag."""

    def __init__(self, name: str, tree: dict[str, Any], at: Path, text: str | None, inner: Layer | None = None) -> None:
        super().__init__(name, tree)
        self._at, self._text, self._inner = at, text, inner

    def text(self, path: Path) -> str | None:
        path = self.written(path)
        if self._inner is not None:
            return self._inner.text(("value", *path[len(self._at) :])) if path[: len(self._at)] == self._at else None
        return self._text if path == self._at else None


__all__ = ["MOST_BYTES", "MOST_DEPTH", "Layer", "Say", "dotted", "from_setting", "from_text", "plain", "scalar"]
