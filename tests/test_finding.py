"""Findings as text: the caret under the word, 80 columns, the order of the file, and never a secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.finding import Finding, Level, Place, dotted, in_order
from chart_py.secrecy import hidden, is_secret, keyed, masked, may_be_secret


def finding(source: str, word: str, path: tuple[str | int, ...] = ("hub", "x"), message: str = "wrong") -> Finding:
    return Finding(Level.ERROR, "code", path, message, Place("c.yaml", 7, source.index(word) + 1, len(word), source))


@pytest.mark.parametrize(
    ("source", "word", "excerpt", "caret"),
    [
        ("  tpye: a", "tpye", "    7 |   tpye: a", "      |   ^^^^"),
        ("{日本: 1, tpye: x}", "tpye", "    7 | {日本: 1, tpye: x}", "      |           ^^^^"),
        (
            "{password: abc, tpye: x}",
            "tpye",
            "    7 | {password: (hidden), tpye: x}",
            "      |                      ^^^^",
        ),
        ("{url: 'a, b', tpye: x}", "tpye", "    7 | {url: (hidden), tpye: x}", "      |                 ^^^^"),
    ],
)
def test_the_caret_stands_under_the_word(source: str, word: str, excerpt: str, caret: str) -> None:
    assert finding(source, word).text().splitlines()[1:] == [excerpt, caret]


def test_a_long_line_is_cut_around_the_word() -> None:
    source = "hub: {" + ", ".join(f"a{i}: {i}" for i in range(60)) + ", tpye: x, " + "b" * 90 + ": 1}"
    _, excerpt, caret = finding(source, "tpye").text().splitlines()
    assert len(excerpt) <= 80
    assert excerpt[caret.index("^") : caret.rindex("^") + 1] == "tpye"


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200), st.integers(0, 250), st.integers(1, 300))
def test_any_line_gives_two_lines_within_the_terminal(source: str, column: int, length: int) -> None:
    made = Finding(Level.ERROR, "code", ("a",), "wrong", Place("c", 1, column + 1, length, source)).text()
    lines = made.splitlines()
    assert len(lines) == (3 if source.strip() else 1)
    assert all(len(line) <= 80 for line in lines)


def test_words_are_wrapped_and_code_is_not() -> None:
    advice = ("write what is due here, " * 6, "  hub: {config: {JupyterHub: {}}}")
    lines = Finding(Level.WARNING, "code", ("hub",), "wrong " * 30, None, advice).text().splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[-1] == "     hub: {config: {JupyterHub: {}}}"


SECRET_LINES = [
    "password: hunter2",
    "  - {name: DB_PASSWORD, value: hunter2}",
    '{"client_secret": "hunter2", other: 1}',
    "c.GitHubOAuthenticator.client_secret = 'hunter2'",
    "os.environ['DB_PASSWORD'] = 'hunter2'",
    "hub.db.url=postgresql://me:hunter2@db/hub",
    "clone: https://me:hunter2@github.example.org/x",
    "f(api_token='hunter2')",
    "{a: b, secretToken: hunter2}",
    "MYSQL_PWD: hunter2",
    "keys: [hunter2, hunter2]",
    "password: hunter2, and more: hunter2",
]


@pytest.mark.parametrize("line", SECRET_LINES)
def test_a_secret_is_not_repeated(line: str) -> None:
    assert "hunter2" not in masked(line)
    for column in range(len(line)):
        made = Finding(Level.ERROR, "code", ("x",), "wrong", Place("c", 1, column + 1, 3, line))
        assert "hunter2" not in made.text()


@pytest.mark.parametrize(
    "line",
    [
        "username_key: login",
        "token_url: https://id.example.org/token",
        "imagePullSecrets: [shared]",
        "mountPath: /usr/local/share/jupyter/custom_template/somewhere/deep",
        "existingSecret: mine",
    ],
)
def test_what_is_no_secret_is_shown(line: str) -> None:
    assert masked(line) == line


@pytest.mark.parametrize("word", ["client_secr", "toke", "db_passwo", "apiTokn"])
def test_a_secrets_word_that_is_cut_short_or_misspelt_may_be_one(word: str) -> None:
    assert may_be_secret(("hub", "config", "CampusAuthenticator", word))
    assert not may_be_secret(("hub", "config", "CampusAuthenticator", "client"))


@pytest.mark.parametrize("word", ['key"', "'apiToken'", "password.", "cookieSecret:", " token "])
def test_a_secrets_word_with_something_beside_it_is_one(word: str) -> None:
    assert is_secret(("hub", "services", "grader", word))


def test_a_path_into_a_secret_hides_the_value_wherever_it_stands() -> None:
    path = ("hub", "extraEnv", 0, "value")
    assert is_secret(path)
    assert "hunter2" not in finding("  value: hunter2", "hunter2", path).text()
    assert "hunter2" not in finding("  value: hunter2", "value", path).text()


def test_findings_stand_in_the_order_of_the_file() -> None:
    places = [Place("a", 3, 1), Place("b", 1, 1), Place("a", 1, 9), Place("a", 1, 2)]
    made = [Finding(Level.NOTE, "c", (), "m", place) for place in places]
    assert in_order([*made, made[0]]) == [made[3], made[2], made[0], made[1]]


def test_the_key_of_a_toleration_is_no_secret() -> None:
    for path in (
        ("singleuser", "extraTolerations", 0, "key"),
        ("scheduling", "userPods", "nodeAffinity", "key"),
        ("hub", "extraVolumes", 0, "secret", "items", 0, "key"),
    ):
        assert keyed(path)
    assert not is_secret(("singleuser", "extraTolerations", 0, "key"))
    assert is_secret(("proxy", "https", "manual", "key"))
    assert is_secret(("hub", "extraEnv", "tolerations", "key"))
    place = Place("a", 1, 14, 8, "  - {key: a, operater: b, token: hunter2}")
    shown = Finding(Level.ERROR, "schema", ("hub", "tolerations", 0, "operater"), "no", place).text()
    assert "{key: a, operater: b, token: (hidden)" in shown


def test_a_key_that_is_a_secret_is_not_shown() -> None:
    """JupyterHub's api_tokens map tokens to users."""
    path = ("hub", "config", "JupyterHub", "api_tokens", "s3cret-token", "a.b")
    assert dotted(path) == 'hub.config.JupyterHub.api_tokens.(hidden)."a.b"'
    place = Place("config.yaml", 4, 7, 12, "      s3cret-token: [1]")
    assert Finding(Level.ERROR, "trait-type", path[:5], "expected text", place).text().splitlines() == [
        "config.yaml:4:7: error: hub.config.JupyterHub.api_tokens.(hidden): expected text",
        "    4 |       (hidden)",
        "      |       ^^^^^^^^",
    ]
    assert hidden({"api_tokens": {"s3cret-token": "ada"}, "tokens": {"one": "x"}}) == {
        "api_tokens": "(hidden)",
        "tokens": {"one": "(hidden)"},
    }


def test_a_volume_is_no_secret() -> None:
    name = "pvc-55d3e2a0-1b2c-4c3d-8e4f-0123456789ab"
    assert hidden({"volumeName": name, "a": f"{name}f"}) == {"volumeName": name, "a": "(hidden)"}
