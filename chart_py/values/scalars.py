"""What a plain scalar of YAML means: Helm's reading (no dates, no base 60), with every number kept within JSON's."""

from __future__ import annotations

import re
from typing import Any

from chart_py.pattern import Pattern

TAG = "tag:yaml.org,2002:"
INT = Pattern(r"[-+]?(?:0[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|0[bB]_*[01][01_]*|0o_*[0-7][0-7_]*|0[0-7_]*|[1-9][0-9_]*)\Z")
FLOAT = Pattern(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
)
BOOL = Pattern(r"(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\Z")
NULL = Pattern(r"(?:~|null|Null|NULL|)\Z")
_WORDS = {"null": "null", "bool": "true or false", "int": "a whole number", "float": "a number"}
KINDS = (("null", NULL), ("bool", BOOL), ("int", INT), ("float", FLOAT))
# A number of more digits than this is none that a configuration counts with; Python refuses thousands of them.
MOST_DIGITS = 40


def scalar(tag: str, text: str) -> Any:
    """The Python value of a scalar's text by its resolved tag's last word; raises ValueError where it is no such."""
    if tag == "str":
        return text
    pattern = next((pattern for kind, pattern in KINDS if kind == tag), None)
    if pattern is None:
        raise ValueError(f"the tag `!!{tag}` is not supported")
    if not pattern.match(text):
        raise ValueError(f"not {_WORDS[tag]}")
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in ("yes", "true", "on")
    return _int(text) if tag == "int" else _float(text)


def _int(text: str) -> int:
    digits = text.replace("_", "").lower()
    if len(digits) > MOST_DIGITS:
        raise ValueError("the number is too large")
    sign, digits = (-1, digits[1:]) if digits[0] == "-" else (1, digits.lstrip("+"))
    if digits.startswith(("0x", "0b", "0o")):
        return sign * int(digits, 0)
    return sign * int(digits, 8 if len(digits) > 1 and digits[0] == "0" else 10)


def _float(text: str) -> float | int:
    number = float(re.sub(r"\.(?=[iInN])", "", text))
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("JSON, and so a configuration, has no such number")
    # Helm's values are JSON, where 1.0 is 1; the source text is kept for where text is due.
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def plain(text: str) -> Any:
    """The value of a plain scalar as YAML reads it: `1` a number, `yes` true, `` and `null` None, `v1` text."""
    for tag, pattern in KINDS:
        if pattern.match(text):
            try:
                return scalar(tag, text)
            except ValueError:
                return text
    return text
