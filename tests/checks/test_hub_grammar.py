"""The hub's Python is 3.12, whichever Python runs chart_py: what it takes is no error, what it refuses is one."""

from __future__ import annotations

import io
import json
import sys

import pytest

from chart_py.checks.hub import grammar as hub_grammar
from chart_py.checks.hub import image as hub_image
from chart_py.checks.hub import python as hub_python
from chart_py.checks.hub.grammar import UnparsableError, Verdict, parse, refusals
from chart_py.finding import Level
from chart_py.values.load import load_values

RUNNING = sys.version_info[:2]
OLDER = RUNNING < (3, 12)
# Right in 3.12 and in no older one.
TAKEN = [
    "type X = int\n",
    "def f[T](x: T) -> T: return x\n",
    "class A[*Ts, **P]: pass\n",
    'print(f"{"a"}")\n',
    "x = f\"{'\\n'.join([])}\"\n",
    'x = f"{\n  1\n}"\n',
    "x = f'''{\n1 # why\n}'''\n",
]
# Wrong in 3.12, with the line.
REFUSED = {
    "x = 1\nclass A[T = int]: pass\n": 2,
    "x = 1\ntry: pass\nexcept A, B: pass\n": 3,
    "x = 1\ny = t'a'\n": 2,
    "type X = int\ny = = 2\n": 2,
    'x = f"{"a"}"\nreturn x\n': 2,
    "x = (\n": 1,
    "x = f'{1 +}'\n": 1,
    "x = '\\N{no such letter}'\n": 1,
    "x = b'é'\n": 1,
    "break\n": 1,
    "print 'a'\n": 1,
}


@pytest.mark.parametrize("text", TAKEN)
def test_what_the_hub_takes_is_no_error(text: str) -> None:
    if OLDER:
        with pytest.raises(UnparsableError) as caught:
            parse(text, "a")
        assert caught.value.verdict is Verdict.UNREAD
    else:
        parse(text, "a")
    found = hub_python.check(load_values(settings=[f"hub.extraConfig.a={text}"]))
    assert [(finding.level, finding.code) for finding in found] == ([(Level.NOTE, "python-syntax")] if OLDER else [])
    assert f"can read this; Python {RUNNING[0]}.{RUNNING[1]}" in "".join(f.message for f in found) or not OLDER


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_hub_refuses_is_one(text: str) -> None:
    with pytest.raises(UnparsableError) as caught:
        parse(text, "a")
    assert (caught.value.verdict in (Verdict.WRONG, Verdict.NEWER), caught.value.line) == (True, REFUSED[text])
    (found,) = hub_python.check(load_values(settings=[f"hub.extraConfig.a={text}"]))
    assert found.level is Level.ERROR


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ((3, 9), "match x:\n  case 1: pass\n"),
        pytest.param((3, 12), "class A[T = int]: pass\n", marks=pytest.mark.skipif(RUNNING == (3, 12), reason="3.12")),
    ],
)
def test_syntax_of_a_newer_python(monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], text: str) -> None:
    monkeypatch.setattr(hub_image, "python", lambda: version)
    values = "hub: {extraConfig: {a: %s}, image: {name: %s}}"
    for image, level in (("quay.io/jupyterhub/k8s-hub", Level.ERROR), ("example.org/own", Level.WARNING)):
        (found,) = hub_python.check(load_values([io.StringIO(values % (json.dumps(text), image))]))
        assert (found.code, found.level) == ("python-syntax", level)
        assert found.message.startswith("not valid in Python {}.{}, which the hub has: ".format(*version))


@pytest.mark.skipif(not OLDER, reason="this Python needs nobody to ask; run by Python 3.10 or 3.11")
def test_without_anybody_to_ask_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise FileNotFoundError("ruff")

    monkeypatch.setattr(hub_grammar, "refusals", missing)
    (found,) = hub_python.check(load_values(settings=["hub.extraConfig.a=type X = int"]))
    assert (found.level, found.code) == (Level.WARNING, "python-syntax")
    assert "install ruff" in "".join(found.advice)


@pytest.mark.skipif(not OLDER, reason="ruff is a dependency on Python 3.10 and 3.11 alone")
def test_ruff_tells_versions_apart() -> None:
    text = "x: é = 'é'; type X = int  # noqa\nexcept*: pass\n"
    (first, second, *_) = refusals(text, (3, 11))
    assert (first.since, first.line, first.column) == ((3, 12), 1, 13)
    assert (second.since, second.line) == (None, 2)
    assert refusals("type X = int\n", (3, 12)) == []


def test_names_and_modules_are_those_of_the_image(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"asyncio", "cgi", "tomllib", "z2jh", "jupyterhub"} <= hub_image.modules()
    assert not {"distutils", "imp", "compression", "annotationlib"} & hub_image.modules()

    def said(text: str) -> list[str]:
        return [f.message for f in hub_python.check(load_values(settings=[f"hub.extraConfig.a={text}"]))]

    assert said("x = ExceptionGroup, BaseExceptionGroup, aiter, __name__, __file__") == []
    assert said("pirnt(1)") == ["nothing here defines pirnt; did you mean print?"]
    monkeypatch.setattr(hub_image, "builtin_names", lambda: frozenset({"print"}))
    assert said("print(len)") == ["nothing here defines len"]
    assert said("len = 1; print(len)") == []
