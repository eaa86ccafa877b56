"""The nearest word to a misspelt one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chart_py.spelling import distance, nearest, same, unmasked

words = st.text("abcd", max_size=7)


def test_distance() -> None:
    assert [distance("type", other) for other in ("type", "tpye", "typ", "types", "taped", "")] == [0, 1, 1, 1, 2, 4]
    assert distance("abcdef", "ghijkl", 2) == 3


@given(words, words, words)
def test_distance_is_symmetric_and_bounded(a: str, b: str, c: str) -> None:
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)
    assert abs(len(a) - len(b)) <= distance(a, b) <= max(len(a), len(b))
    assert min(distance(a, b), 2) == min(distance(a, b, 1), 2)


def test_nearest() -> None:
    known = ["client_id", "client_secret", "oauth_callback_url", "scope"]
    assert nearest("clientid", known) == ["client_id"]
    assert nearest("client_secrte", known) == ["client_secret"]
    assert nearest("authorize", known) == []
    assert same("clientSecret", known) == "client_secret"


def test_letters_of_other_scripts() -> None:
    assert unmasked("\u0441onfig") == ("config", "\u0441")
    assert unmasked("\uff48ub") == ("hub", "\uff48")
    assert unmasked("hub") == ("hub", "")
