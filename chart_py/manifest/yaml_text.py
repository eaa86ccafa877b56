"""Plain data as YAML text: block style, maps in their own order, texts of several lines as block scalars.

Ours, because writing the text is the largest part of a render: libyaml's writer goes through a node object for each
word and takes several times as long. It writes only what is sure to be read back as it was by YAML 1.1 and 1.2 alike:
whatever might be taken for something else is quoted, and text that needs rare escapes is left to libyaml.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from chart_py.manifest import Manifest

# A text that no YAML version reads as anything else: it starts with a letter, a slash or an underscore, so it is no
# number, and has no YAML punctuation; `_plain` looks at the rest. No pattern here can backtrack.
_PLAIN = re.compile(r"[A-Za-z/_][A-Za-z0-9_./@%+=:, -]*\Z")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", "infinity"))
_SafeDumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def _plain(text: str) -> bool:
    return (
        _PLAIN.match(text) is not None
        and text[-1] not in " :,"
        and ": " not in text
        and (len(text) > 8 or text.lower() not in _WORDS)
    )


def _block(text: str) -> bool:
    """Whether a block scalar holds the text as it is: no blanks at lines' ends, at most one newline at the end."""
    return (
        "\n" in text
        and text[0] not in " \n"
        and not text.endswith("\n\n")
        and "\t" not in text
        and " \n" not in text
        and text[-1] != " "
        and text.replace("\n", "").isprintable()
    )


def _text(text: str, indent: str) -> str:
    if _plain(text):
        return text
    if _block(text):
        body, more = (text[:-1], "") if text[-1] == "\n" else (text, "-")
        return f"|{more}\n" + "\n".join([indent + line if line else "" for line in body.split("\n")])
    return _quoted(text)


def _quoted(text: str) -> str:
    # What Python calls printable has no control characters and none of the line ends that only some YAMLs know.
    if text.replace("\n", "").replace("\t", "").isprintable():
        return json.dumps(text, ensure_ascii=False)
    return str(yaml.dump(text, Dumper=_SafeDumper, allow_unicode=False, width=2**31 - 1, default_style='"')).rstrip(
        "\n"
    )


def _scalar(value: Any, indent: str) -> str:
    kind = type(value)
    if kind is str or isinstance(value, str):
        return _text(value, indent)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is float:
        return _float(value)
    if kind is dict:
        return "{}"
    if kind is list:
        return "[]"
    raise TypeError(f"{kind.__name__} is no plain data")


def _float(number: float) -> str:
    if number != number:
        return ".nan"
    if number in (float("inf"), float("-inf")):
        return ".inf" if number > 0 else "-.inf"
    text = repr(number)
    # YAML 1.1 wants a dot in a number with an exponent, and a sign in the exponent.
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def _map(data: dict[str, Any], indent: str, out: list[str], first: str) -> None:
    inner = indent + "  "
    lead = first
    for key, value in data.items():
        name = lead + _key(key)
        lead = indent
        kind = type(value)
        if kind is dict and value:
            out.append(name + ":\n")
            _map(value, inner, out, inner)
        elif kind is list and value:
            out.append(name + ":\n")
            _list(value, indent, out)
        else:
            out.append(f"{name}: {_scalar(value, inner)}\n")


def _list(items: list[Any], indent: str, out: list[str]) -> None:
    inner = indent + "  "
    for item in items:
        kind = type(item)
        if kind is dict and item:
            _map(item, inner, out, indent + "- ")
        elif kind is list and item:
            out.append(indent + "-\n")
            _list(item, inner, out)
        else:
            out.append(f"{indent}- {_scalar(item, inner)}\n")


_KEYS: dict[str, str] = {}


def _key(key: Any) -> str:
    """A map's key; the same few hundred are written over and over."""
    found = _KEYS.get(key)
    if found is None:
        found = str(key) if _plain(str(key)) else _quoted(str(key))
        if len(_KEYS) < 10_000:
            _KEYS[key] = found
    return found


def to_yaml(data: Any) -> str:
    """Maps, lists, texts, numbers, booleans and None as one YAML text that ends in a newline.

    Raises TypeError for anything else, and RecursionError for data that holds itself.
    """
    out: list[str] = []
    if type(data) is dict and data:
        _map(data, "", out, "")
    elif type(data) is list and data:
        _list(data, "", out)
    else:
        out.append(_scalar(data, "  ") + "\n")
    return "".join(out)


def to_documents(manifests: Any) -> str:
    """Objects as YAML documents, each after a line of its own that says `---`."""
    out: list[str] = []
    manifest: Manifest
    for manifest in manifests:
        out.append("---\n")
        _map(manifest, "", out, "")
    return "".join(out)
