"""Which known word a misspelt one was meant to be."""

from __future__ import annotations

from collections.abc import Iterable

# Letters of other scripts that look like Latin ones; full-width letters are found by Unicode's own table.
_ALIKE = dict(
    zip(
        "асеорхуіјѕһԁԛԝвнкмтАВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορνικι‐‑‒–—−٠",
        "aceopxyijshdqwвhkmtABCEHIJKMOPSTXYABEZHIKMNOPTYXaopviki------0",
        strict=False,
    )
)


def distance(one: str, other: str, most: int = 99) -> int:
    """How many letters have to be changed, added, left out or swapped with their neighbour; `most` + 1 if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def nearest(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """Up to `count` of the `known` words that `word` may have been meant to be, the nearest first; [] if none is near.

    A third of a word's letters may be wrong; capitals, dashes and underscores weigh little.
    """
    plain = _plain(word)
    most = max(1, len(plain) // 3)
    ranked = []
    for index, candidate in enumerate(dict.fromkeys(known)):
        other = _plain(candidate)
        if abs(len(other) - len(plain)) <= most and (found := distance(plain, other, most)) <= most:
            ranked.append((found, distance(word, candidate), index, candidate))
    return [candidate for *_, candidate in sorted(ranked)[:count]]


def same(word: str, known: Iterable[str]) -> str | None:
    """The known word that differs from `word` only in capitals, dashes and underscores."""
    plain = _plain(word)
    return next((candidate for candidate in known if _plain(candidate) == plain), None)


def _plain(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")


def unmasked(word: str) -> tuple[str, str]:
    """`word` with letters that only look Latin replaced, and the first such letter; the same and "" if it has none."""
    if word.isascii():
        return word, ""
    from unicodedata import normalize

    letters = [(c, _ALIKE.get(c, c) if c in _ALIKE else normalize("NFKC", c)) for c in word]
    foreign = next((c for c, latin in letters if c != latin), "")
    return "".join(latin for _, latin in letters), foreign
