"""The order of a map's words as Helm writes them: go-yaml's, in which `node-9` comes before `node-10`."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any


def in_key_order(value: Any) -> Any:
    """Plain data with the words of every map in go-yaml's order."""
    if type(value) is dict:
        return {key: in_key_order(value[key]) for key in ordered(value)}
    if type(value) is list:
        return [in_key_order(item) for item in value]
    return value


def ordered(keys: Any) -> list[str]:
    """Words in go-yaml's order; of letters alone it is the usual one, which is much faster."""
    words = sorted(keys)
    # go-yaml's comparison can go in circles (0a, 1, 01); sorted beforehand, even those always end in one order.
    return words if all(map(str.isalpha, words)) else sorted(words, key=_KEY)


def _compared(one: str, other: str) -> int:
    """Below zero where `one` comes first: at the first difference other signs come before letters, numbers by value."""
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            if a.isalpha() or b.isalpha():
                return (a > b) - (a < b) if a.isalpha() and b.isalpha() else 1 if a.isalpha() else -1
            # A zero within a number counts as its digit, not as a leading zero.
            lead = "1" if "0" in (a, b) and _digits_before(one, index).strip("0") else ""
            ones, others = _digits(one, index), _digits(other, index)
            ranks = [(int(lead + digits or "0"), len(digits), sign) for digits, sign in ((ones, a), (others, b))]
            return -1 if ranks[0] < ranks[1] else 1
    return len(one) - len(other)


_KEY = cmp_to_key(_compared)


def _digits(text: str, start: int) -> str:
    end = start
    while end < len(text) and text[end] in "0123456789":
        end += 1
    return text[start:end]


def _digits_before(text: str, end: int) -> str:
    start = end
    while start and text[start - 1] in "0123456789":
        start -= 1
    return text[start:end]
