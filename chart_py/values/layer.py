"""A `Layer`: one source of values (a file, standard input, `--set`, `--set-file`), with the place of every word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from chart_py.finding import Finding, Level, Path, Place
from chart_py.pattern import Pattern
from chart_py.secrecy import REACH, masked
from chart_py.values.document import MOST_DEPTH, RefusedError, compose, lines_of
from chart_py.values.scalars import TAG, plain, scalar
from chart_py.values.spread import spread_secrets


class Layer:
    """One source of values: `tree` is what it says as plain Python data, with None for null.

    `moved` maps a word's path in `tree` to the path where the user wrote it, for words that were translated; `unknown`
    are the paths of values that are not known yet, for which `tree` has stand-ins.
    """

    def __init__(
        self, name: str, tree: dict[str, Any], node: yaml.Node | None = None, lines: list[str] | None = None
    ) -> None:
        self.name = name
        self.tree = tree
        self.node = node
        self.lines = lines or []
        self.moved: dict[Path, Path] = {}
        self.unknown: frozenset[Path] = frozenset()
        self._spread: dict[int, list[tuple[int, int]]] | None = None
        self._known: dict[int, dict[str, tuple[yaml.Node, yaml.Node]]] = {}

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

    def node_at(self, path: Path) -> yaml.Node | None:
        """The node of the word at `path`; None where this layer has none, or no lines."""
        return self._find(self.written(path))[1] if self.node is not None and self.has(path) else None

    def _find(self, path: Path) -> tuple[yaml.Node | None, yaml.Node]:
        key: yaml.Node | None = None
        here = self.node
        assert here is not None
        for step in path:
            found = self._child(here, step)
            if found is None:
                break
            key, here = found
        return key, here

    def _child(self, node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
        """The key node and value node below `node` at `step`."""
        if isinstance(node, yaml.MappingNode) and isinstance(step, str):
            return self._children(node).get(step)
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            return node.value[step], node.value[step]
        return None

    def _children(self, node: yaml.MappingNode) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """The words of a mapping with their nodes, looked through once; a merge key's words count as its own."""
        if (found := self._known.get(id(node))) is None:
            found = self._known[id(node)] = {}
            merged: list[yaml.Node] = []
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and key.tag == TAG + "merge":
                    merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
                elif isinstance(key, yaml.ScalarNode):
                    found[key.value] = key, value
            for mapping in merged:
                if isinstance(mapping, yaml.MappingNode):
                    for word, nodes in self._children(mapping).items():
                        found.setdefault(word, nodes)
        return found

    def _without_spread_secrets(self, number: int) -> str:
        """A line as it may be shown: what of it belongs to a secret whose key is in an earlier line is starred out.

        Of all others the line itself says by their keys that they are secret.
        """
        if self._spread is None:
            self._spread = {}
            if self.node is not None:
                for line, start, end in spread_secrets(self.node, self.lines):
                    self._spread.setdefault(line, []).append((start, end))
        text = self.lines[number] if number < len(self.lines) else ""
        for start, end in self._spread.get(number, ()):
            text = text[:start] + "*" * (end - start) + text[end:]
        return text

    def _place(self, node: yaml.Node) -> Place:
        start, end = node.start_mark, node.end_mark
        length = end.column - start.column if end.line == start.line else 0
        source = self._without_spread_secrets(start.line)
        return Place(self.name, start.line + 1, start.column + 1, max(length or len(source) - start.column, 1), source)


Say = Callable[[Finding], None]
_NO_TAGS = ("Values are plain YAML; the only tags are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq.",)
_TEXT_KEYS = frozenset({TAG + "int", TAG + "float", TAG + "bool"})
_BRACES = "Braces open a map: text that starts with one needs quotes, and Helm templates are not run in values."
# Blanks that are no blanks, marks of direction, soft hyphens and the like: nothing that anyone types on purpose.
_HIDDEN = Pattern("[\x00-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")


def from_text(text: str, name: str, say: Say) -> Layer:
    """Read the YAML `text` of the source called `name`.

    Whatever is wrong with it goes to `say` as a finding of level error; the layer is then as much as could be read.
    """
    text = text.removeprefix("\ufeff")
    lines = lines_of(text)
    try:
        node = compose(text, name, lines)
    except RefusedError as refused:
        say(refused.finding)
        return Layer(name, {})
    layer = Layer(name, {}, node, lines)
    if node is None:
        return layer
    if not isinstance(node, yaml.MappingNode):
        if node.tag != TAG + "null":
            found = "a list" if isinstance(node, yaml.SequenceNode) else "a single value"
            advice = ("A configuration is a map of sections, for example:", "  hub:", "    config: {}")
            message = f"expected a map of settings, got {found}"
            say(Finding(Level.ERROR, "not-a-map", (), message, layer.place(()), advice))
        return layer
    layer.tree = _Construction(layer, say).mapping(node, ())
    return layer


class _Construction:
    """Makes plain data of a node tree; follows aliases and merge keys, whose bounds `compose` has seen to."""

    def __init__(self, layer: Layer, say: Say) -> None:
        self.layer = layer
        self.say = say
        self.said: set[tuple[str, int]] = set()

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        if self._refuse(node, path):
            return out
        own: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.tag == TAG + "merge" and isinstance(key, yaml.ScalarNode):
                for other in self._merged(key, value, path):
                    for name, found in other.items():
                        out.setdefault(name, found)
            elif self._key(key, path):
                if key.value in own:
                    self._twice(key, own[key.value], path)
                own[key.value] = key
                out[key.value] = self.value(value, (*path, key.value))
        return out

    def value(self, node: yaml.Node, path: Path) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            if self._refuse(node, path):
                return []
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        try:
            return scalar(node.tag[len(TAG) :] if node.tag.startswith(TAG) else node.tag.lstrip("!"), node.value)
        except ValueError as error:
            known = re.fullmatch(rf"{TAG}(null|bool|int|float)", node.tag)
            advice = ("If text is meant, put quotes around it.",) if known else _NO_TAGS
            self._say("not-a-scalar" if known else "unknown-tag", node, path, str(error), advice)
            return node.value

    def _refuse(self, node: yaml.Node, path: Path) -> bool:
        """Whether a map or list is too deep; says so, and what is wrong with its tag."""
        if node.tag not in (TAG + "map", TAG + "seq"):
            tag = node.tag.replace(TAG, "!!")
            self._say("unknown-tag", node, path, f"the tag `{tag}` is not supported", _NO_TAGS)
        if len(path) < MOST_DEPTH:
            return False
        return not self._say("too-deep", node, (), f"more than {MOST_DEPTH} levels deep", ())

    def _key(self, key: yaml.Node, path: Path) -> bool:
        """Whether a key can be a word; says what is wrong with it where it cannot."""
        if not isinstance(key, yaml.ScalarNode):
            line = self.layer.lines[key.start_mark.line] if key.start_mark.line < len(self.layer.lines) else ""
            template = "{{" in line
            advice = (_BRACES,) if template else ()
            return self._say("key-not-text", key, path, "expected text as a key, got a map or a list", advice)
        text = key.value
        if key.tag in _TEXT_KEYS:
            # As Helm does: a number, or true or false, is a key by its text.
            try:
                value = scalar(key.tag[len(TAG) :], text)
            except ValueError as error:
                return self._say(
                    "not-a-scalar", key, (*path, text), str(error), ("If text is meant, put quotes around it.",)
                )
            text = key.value = str(value).lower() if isinstance(value, bool) else str(value)
            key.tag = TAG + "str"
        if key.tag != TAG + "str":
            found = "null" if key.tag == TAG + "null" else "something with a tag"
            advice = (f'Put quotes around it: "{text}":',) if text else ()
            return self._say("key-not-text", key, (*path, text), f"expected text as a key, got {found}", advice)
        if text != text.strip() or (hidden := _HIDDEN.search(text)):
            where = "an invisible character" if text == text.strip() else "leading or trailing whitespace"
            if text == text.strip() and hidden:
                where += f" (U+{ord(hidden[0]):04X})"
            return self._say("key-blank", key, (*path, text), f"this key has {where}", ("Remove it.",))
        return True

    def _merged(self, key: yaml.Node, value: yaml.Node, path: Path) -> Iterator[dict[str, Any]]:
        for item in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            if isinstance(item, yaml.MappingNode):
                yield self.mapping(item, path)
            else:
                self._say("merge-not-a-map", key, path, "`<<` merges a map or a list of maps", ())

    def _twice(self, key: yaml.ScalarNode, first: yaml.Node, path: Path) -> None:
        message = f"set twice, first in line {self.layer._place(first).line}"
        advice = ("YAML would silently keep only one of the two; merge them.",)
        self._say("duplicate-key", key, (*path, key.value), message, advice)

    def _say(self, code: str, node: yaml.Node, path: Path, message: str, advice: tuple[str, ...]) -> bool:
        """Say it once for each node, however many aliases lead there; False, for callers that refuse."""
        if (code, id(node)) not in self.said:
            self.said.add((code, id(node)))
            self.say(Finding(Level.ERROR, code, path, message, self.layer._place(node), advice))
        return False


def from_setting(setting: str, say: Say, *, text: str | None = None, flag: str = "--set") -> Layer | None:
    """A layer of one word: `path=value` with the value typed as YAML types it, or `path` with `text` as its value.

    A path is words with dots between; a dot within a word is written `\\.`, an item of a list as `[0]` is refused,
    because lists replace. The value keeps its source text where text is expected.
    """
    path_text, sign, value = setting.partition("=")
    words = [part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", path_text.strip())]
    name = f"{flag} {masked(setting[:REACH])}"
    bad = not sign or not all(words) or len(words) > MOST_DEPTH
    if bad or any(re.search(r"\[\d+\]$", part) for part in words):
        example = "--set singleuser.image.tag=v1" if flag == "--set" else "--set-file hub.extraConfig.mine=mine.py"
        advice = (f"Write {example}; a dot within a key is \\. and a list is given whole: --set a.b='[x, y]'",)
        say(
            Finding(
                Level.ERROR,
                "not-a-setting",
                (),
                "expected PATH=VALUE",
                Place(f"{flag} {masked(path_text[:REACH])}"),
                advice,
            )
        )
        return None
    if text is not None:
        found, node = text, yaml.ScalarNode(TAG + "str", text)
    elif value[:1] in "[{\"'" and value:
        return _structured(name, words, value, say)
    else:
        found, node = plain(value), yaml.ScalarNode(TAG + "str", value)
    tree: Any = found
    for part in reversed(words):
        tree = {part: tree}
    return _Setting(name, tree, tuple(words), str(node.value))


def setting_path(path: Path) -> str:
    """A path as `--set` takes it, a dot within a key behind a backslash."""
    return ".".join(str(step).replace(".", "\\.") for step in path)


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
