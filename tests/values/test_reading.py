"""Whatever a values file holds: values, or findings at the right place, in bounded time; never a traceback."""

from __future__ import annotations

import io
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.errors import ChartError, FileError, ValuesError
from chart_py.finding import Finding
from chart_py.values.document import MOST_BYTES
from chart_py.values.load import load_values


def findings(text: str) -> list[Finding]:
    """What is said about the text; empty where it is accepted without a word."""
    try:
        return list(load_values([io.StringIO(text)]).findings)
    except ValuesError as error:
        return list(error.findings)


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """Ends what hangs: a bomb that goes off must not take the tests with it."""

    def stop(*_: object) -> None:
        raise TimeoutError

    old = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(9)
)

# name: text, code, line, column
REFUSED = {
    "tab": ("hub:\n\tconfig: {}\n", "not-yaml", 2, 1),
    "colon": ("hub:\n  baseUrl: a: b\n", "not-yaml", 2, 13),
    "quote": ('hub:\n  baseUrl: "abc\n  db: 1\n', "not-yaml", 2, 12),
    "indentation": ("hub:\n    baseUrl: /x\n  db: {}\n", "not-yaml", 3, 3),
    "bracket": ("hub:\n  db: {type: x\nproxy: {}\n", "not-yaml", 3, 6),
    "alias of nothing": ("hub:\n  baseUrl: *x\n", "not-yaml", 2, 12),
    "at sign": ("hub:\n  baseUrl: @x\n", "not-yaml", 2, 12),
    "control character": ("hub:\n  baseUrl: a\x07b\n", "not-yaml", 2, 13),
    "binary": ("\0\0\0abc", "not-yaml", 1, 1),
    "word without a colon": ("hub\n  db: {}\n", "not-yaml", 2, 5),
    "several documents": ("hub: {}\n---\nproxy: {}\n", "several-documents", 2, 1),
    "list": ("- a\n", "not-a-map", 1, 1),
    "scalar": ("hello\n", "not-a-map", 1, 1),
    "duplicate": ("hub:\n  db: {}\nproxy: {}\nhub:\n  baseUrl: /\n", "duplicate-key", 4, 1),
    "loop": ("hub: &h\n  config:\n    A: *h\n", "alias-loop", 1, 6),
    "merge loop": ("hub: &h\n  <<: *h\n", "alias-loop", 1, 6),
    "bomb": (BOMB, "too-large", 5, 4),
    "aliases too deep": (
        "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{x: *a{i - 1}}}\n" for i in range(1, 3000)),
        "too-deep",
        101,
        7,
    ),
    "flow too deep": ("[" * 900, "too-deep", 1, 101),
    "dashes too deep": ("- " * 100_000 + "a", "too-deep", 1, 201),
    "question marks too deep": ("? " * 100_000 + "a", "too-deep", 1, 201),
    "maps too deep": ("{a: " * 100_000, "too-deep", 1, 401),
    "blocks too deep": ("".join(" " * i + "a:\n" for i in range(1500)), "too-deep", 101, 101),
    "too many": ("hub:\n" + "- b\n" * 300_000, "too-large", 99_997, 3),
    "too long": ("hub:\n" + "#" * MOST_BYTES, "too-large", 0, 0),
    "number as key twice": ("custom:\n  10: x\n  '10': y\n", "duplicate-key", 3, 3),
    "true as a setting": ("hub:\n  on: x\n", "unknown-setting", 2, 3),
    "null as key": ("hub:\n  ~: x\n", "key-not-text", 2, 3),
    "list as key": ("hub:\n  ? [a, b]\n  : x\n", "key-not-text", 2, 5),
    "key with a blank": ('"hub ": {}\n', "key-blank", 1, 1),
    "key with a hard blank": ("hub\u00a0: {}\n", "key-blank", 1, 1),
    "key with nothing": ("hub:\n  db\u200b: {}\n", "key-blank", 2, 3),
    "key that looks right": ("hub:\n  \u0441onfig: {}\n", "unknown-setting", 2, 3),
    "tag": ("hub:\n  baseUrl: !vault abc\n", "unknown-tag", 2, 12),
    "tag on a map": ("hub:\n  config: !!python/object:os.system {}\n", "unknown-tag", 2, 11),
    "no number": ("hub:\n  fsGid: !!int abc\n", "not-a-scalar", 2, 10),
    "huge number": (f"hub:\n  fsGid: {'9' * 5000}\n", "not-a-scalar", 2, 10),
    "infinity": ("custom: {a: .inf}\n", "not-a-scalar", 1, 13),
    "merge of a number": ("hub:\n  <<: 5\n", "merge-not-a-map", 2, 3),
    "CRLF": ("hub:\r\n  db:\r\n    tpye: x\r\n", "unknown-setting", 3, 5),
    "next line in a text": ("custom: {a: 'x\x85  y'}\nhub:\n  db: {tpye: x}\n", "unknown-setting", 4, 8),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_at_its_place(name: str) -> None:
    text, code, line, column = REFUSED[name]
    with bounded(10):
        found = findings(text)
    place = found[0].place
    assert place is not None
    assert (found[0].code, place.line, place.column, len(found)) == (code, line, column, 1)


def test_deeper_than_the_parser_goes() -> None:
    with bounded(10):
        (found,) = findings("[" * 200_000)
    # libyaml 0.2.6 refuses what older ones read.
    assert (found.code, found.place and found.place.column in (101, 1001)) == ("too-deep", True)
    with bounded(2):
        assert len(found.text().splitlines()) == 3


def test_unknown_words_without_end_are_told_in_a_moment() -> None:
    for text in (
        "".join(f"k{i}: 1\n" for i in range(30_000)),
        "{" + ", ".join(f"k{i}: 1" for i in range(30_000)) + "}",
    ):
        with bounded(10):
            found = findings(text)
            told = "\n".join(finding.text() for finding in found)
        assert len(found) == 101
        assert found[-1].message == "unknown setting, and so are 29899 others here"
        assert told.count("settings here: ") == 1


def test_long_values_are_refused_in_a_moment() -> None:
    for text in (
        "singleuser: {memory: {limit: '%s'}}" % ("9" * 50_000),
        "singleuser: {cpu: {limit: '%s'}}" % ("9" * 50_000),
        "hub: {resources: {limits: {memory: '%s'}}}" % ("9" * 50_000),
        "ingress: {hosts: ['%s!']}" % ("a-" * 50_000),
    ):
        with bounded(5):
            (found,) = findings(text)
            assert len(found.text()) < 500


def test_accepted() -> None:
    for text in ("", "# nothing\n---\n", "---\n", "{}", "null"):
        assert load_values([io.StringIO(text)]).tree == load_values().tree
    assert load_values([io.StringIO("\ufeffhub: {baseUrl: /a}\r\n")]).values.hub.baseUrl == "/a"
    merged = "x-a: &a {storage: 2Gi}\nhub: {db: {pvc: {<<: *a, subPath: s}}}\n"
    assert load_values([io.StringIO(merged)]).values.hub.db.pvc.storage == "2Gi"
    deep = "custom: " + "{a: " * 90 + "1" + "}" * 90
    assert load_values([io.StringIO(deep)]).values.custom["a"]["a"]


def test_whole_message() -> None:
    (found,) = findings('proxy:\n  secretToken: a\n  chp: {}\n  service: {}\n  chp: {image: {tag: "1"}}\n')
    assert found.text() == (
        "values:5:3: error: proxy.chp: set twice, first in line 3\n"
        '    5 |   chp: {image: {tag: "1"}}\n'
        "      |   ^^^\n"
        "   YAML would silently keep only one of the two; merge them."
    )


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("hub: {}\n")
    with (tmp_path / "large.yaml").open("wb") as large:
        large.truncate(100_000_000)
    (tmp_path / "latin.yaml").write_bytes(b"hub:\n  x: \xe9\n")
    (tmp_path / "wide.yaml").write_text("hub: {}\n", encoding="utf-16")
    expected = {
        "": (f"{tmp_path}", "Is a directory", f"Give a file, for example {tmp_path}/config.yaml"),
        "confg.yaml": (f"{tmp_path}/confg.yaml", "No such file or directory", f"Did you mean {tmp_path}/config.yaml?"),
        "nowhere/at/all": (f"{tmp_path}/nowhere/at/all", "No such file or directory", ""),
        "large.yaml": (
            f"{tmp_path}/large.yaml",
            "larger than 2 MB",
            "A hub's values are a few kilobytes; is this the right file?",
        ),
        "latin.yaml": (f"{tmp_path}/latin.yaml:2:6", "not valid UTF-8", "Save the file as UTF-8."),
        "wide.yaml": (
            f"{tmp_path}/wide.yaml:1:1",
            "not valid UTF-8",
            "This is UTF-16, as PowerShell's `>` writes it; save it as UTF-8.",
        ),
        "a\0b": (f"{tmp_path}/a\0b", "embedded null byte", ""),
    }
    for name, facts in expected.items():
        with pytest.raises(FileError) as caught:
            load_values([tmp_path / name])
        assert (str(caught.value.place), caught.value.reason, caught.value.advice) == facts


@given(st.text(alphabet=st.sampled_from(list("ab: -[]{}\"'\n\t#&*!|>?,%@`0x1.~<\\\u200b\r")), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        load_values([io.StringIO(text)])
    except ChartError as error:
        assert str(error)


@given(st.binary(max_size=40), st.sampled_from(["-f", "--set", "--set-file"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes, how: str) -> None:
    file = tmp_path_factory.mktemp("any") / "values.yaml"
    file.write_bytes(raw)
    text = raw.decode("latin-1")
    try:
        if how == "-f":
            load_values([file])
        elif how == "--set":
            load_values(settings=[text])
        else:
            load_values(file_settings=[f"custom.a={file}"])
    except ChartError as error:
        assert str(error)
