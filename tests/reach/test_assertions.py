"""Assertions about who reaches whom: read from text, judged, and suggested from what is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.finding import Place
from chart_py.reach.assertions import Assertion, judge, read, suggested
from chart_py.reach.broken import findings
from chart_py.reach.decision import Answer
from chart_py.reach.targets import UnknownPartyError, named
from tests.reach.hubs import hub

VALUES = sorted((Path(__file__).parent.parent.parent / "values").glob("*.yaml"))

TEXT = """\
# Users stay among themselves.
deny user -> metadata:80   # the cloud's credentials

- allow hub -> db.example.org:5432
- 'deny user -> user'
---
  "deny user -> 10.0.0.0/8:443"
"""


def test_reading() -> None:
    found, wrong = read(TEXT, "reach.txt")
    assert [str(each) for each in found] == [
        "deny user -> metadata:80",
        "allow hub -> db.example.org:5432",
        "deny user -> user",
    ]
    assert found[0].place == Place("reach.txt", 2, 1, 24, "deny user -> metadata:80   # the cloud's credentials")
    assert (found[1].place.line, found[1].place.column) == (4, 3)
    assert (found[2].place.line, found[2].place.column, found[2].place.length) == (5, 4, 17)
    assert [(each.place and each.place.line, each.code) for each in wrong] == [(7, "assertion-unreadable")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("deny user", "not an assertion"),
        ("deni user -> hub", "did you mean deny"),
        ("allowed user -> hub", "did you mean allow"),
        ("deny user hub", "not an assertion"),
        ("deny user -> hub now", "not an assertion"),
        ("user -> hub", "not an assertion"),
        ("\u202edeny user -> hub", "not an assertion"),
    ],
)
def test_what_is_not_an_assertion(line: str, said: str) -> None:
    found, wrong = read(line, "reach.txt")
    assert not found
    assert [said in each.message for each in wrong] == [True]
    assert wrong[0].advice


def broken(text: str, values: str = "") -> list[str]:
    assertions, wrong = read(text, "reach.txt")
    assert not wrong
    made = hub(values)
    judged, unknown = judge(assertions, made.release)
    assert not unknown
    return [str(each.assertion) for each in judged if not each.holds]


@pytest.mark.parametrize(
    "text",
    [
        "deny user -> 169.254.169.254:80",
        "allow hub -> db.example.org:5432",
        "deny user -> user",
        "allow user -> internet:443",
        # Who may reach pods, may reach the ports on which they listen; who may not, reaches none.
        "allow user -> hub",
        "allow proxy -> user",
        "deny user -> hub:!8081",
        "allow user -> dns:53,53/udp",
        "allow hub -> proxy:api",
    ],
)
def test_what_holds(text: str) -> None:
    assert broken(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "deny user -> internet:443",
        "allow user -> private",
        "deny user -> hub",
        "allow user -> proxy",
        # What depends holds neither way.
        "allow user -> db.example.org:5432",
        "deny user -> db.example.org:5432",
    ],
)
def test_what_does_not_hold(text: str) -> None:
    assert broken(text) == [text]


def test_unknown_parties_are_findings() -> None:
    assertions, _ = read("deny usr -> internet\nallow user -> hub:htp\nallow user -> hub", "reach.txt")
    judged, wrong = judge(assertions, hub().release)
    assert [str(each.assertion) for each in judged] == ["allow user -> hub"]
    assert [(each.place and each.place.line, each.code) for each in wrong] == [
        (1, "assertion-unreadable"),
        (2, "assertion-unreadable"),
    ]
    assert "did you mean user?" in wrong[0].message


def test_a_broken_one_says_what_is_so_why_and_what_to_write() -> None:
    place = Place("reach.txt", 1, 1, 25, "deny user -> internet:443")
    made = hub("singleuser:\n  networkPolicy:\n    egress:\n    - ports: [{port: 443}]\n")
    judged, _ = judge([Assertion(Answer.NO, "user", "internet:443", place)], made.release)
    (found,) = findings(judged, made.settings)
    assert (
        found.text()
        == """\
reach.txt:1:1: error: user -> internet: yes (443)
    1 | deny user -> internet:443
      | ^^^^^^^^^^^^^^^^^^^^^^^^^
   NetworkPolicy/singleuser, egress:
      singleuser.networkPolicy.egressAllowRules.nonPrivateIPs: true (default)
   NetworkPolicy/singleuser, egress: singleuser.networkPolicy.egress[0]
      (config.yaml:4:7)
   To close it: singleuser.networkPolicy.egressAllowRules.nonPrivateIPs: false
   and: remove singleuser.networkPolicy.egress[0]"""
    )


@pytest.mark.parametrize("file", VALUES, ids=lambda file: file.stem)
def test_what_is_suggested_holds(file: Path) -> None:
    """Today's matrix as assertions is true of today; of a hub without policies it is not."""
    made = hub(file.read_text(encoding="utf-8"))
    text = "\n".join(suggested(made.release))
    assertions, wrong = read(text, "reach.txt")
    judged, unknown = judge(assertions, made.release)
    assert len(assertions) > 40
    assert not wrong
    assert not unknown
    assert [str(each.assertion) for each in judged if not each.holds] == []
    off = hub({"hub": {"networkPolicy": {"enabled": False}}, "singleuser": {"networkPolicy": {"enabled": False}}})
    assert any(not each.holds for each in judge(assertions, off.release)[0])


def test_what_is_suggested_says_all() -> None:
    """A port that opens breaks an assertion, whichever it is."""
    text = "\n".join(suggested(hub().release))
    opened = "hub: {networkPolicy: {ingress: [{ports: [{port: 12345}]}]}}"
    assert broken(text) == []
    assert broken(text, opened)


RELEASE = hub().release
PARTS = ["user", "hub", "allow", "deny", "->", ":", "!", "443", "/udp", "-", ",", "[::1]", "10.0.0.0/8", "="]
WORDS = st.sampled_from(PARTS)


@given(st.lists(WORDS | st.text(max_size=3), max_size=6).map("".join))
def test_any_text_names_somebody_or_is_refused(text: str) -> None:
    try:
        found = named(RELEASE, text)
    except UnknownPartyError as error:
        assert repr(text) in str(error) or repr(text.strip()) in str(error)
    else:
        assert all(port.first <= port.last for each in found for port in each.ports)


@given(st.lists(WORDS | st.text(max_size=3), max_size=8).map(" ".join))
def test_any_text_is_read_line_by_line(text: str) -> None:
    found, wrong = read(text, "reach.txt")
    lines = text.splitlines()
    for place in (*(each.place for each in found), *(each.place for each in wrong)):
        assert place is not None
        assert lines[place.line - 1] == place.source
    judge(found, RELEASE)
