"""Keys with nothing behind them, and nulls: refused where the chart refuses them, told where they take away."""

from __future__ import annotations

import pytest

from chart_py.checks.rules import check
from chart_py.errors import ValuesError
from chart_py.finding import Level, Path, dotted
from chart_py.values.base import NeededMark, Section, tree_of
from chart_py.values.root import Values
from chart_py.values.unknown_setting import all_settings
from tests.values.loading import load, refused

FIELDS = dict(all_settings(Values))
SECTIONS = [path for path, f in FIELDS.items() if isinstance(f.default, Section) and tree_of(f.default)]
NEEDED = [path for path, f in FIELDS.items() if any(isinstance(mark, NeededMark) for mark in f.metadata)]


def written(path: Path, value: str = "") -> str:
    """A configuration with `value` at `path`, in block style."""
    lines = [f"{'  ' * depth}{step}:" for depth, step in enumerate(path)]
    return "\n".join(lines) + f" {value}\n"


def warned(*texts: str) -> list[tuple[str, str, str]]:
    findings = check(load(*texts))
    return [(f.code, dotted(f.path), f.message) for f in findings if f.level is Level.WARNING]


@pytest.mark.parametrize("path", SECTIONS, ids=dotted)
@pytest.mark.parametrize("null", ["", "null", "~"])
def test_a_section_cannot_be_taken_away(path: Path, null: str) -> None:
    (found,) = refused(written(path, null))
    assert (found.code, found.path) == ("null", path)
    first = next(iter(tree_of(FIELDS[path].default)))
    assert f"removes {dotted((*path, first))}" in found.message
    assert found.message.startswith("nothing is below this key" if not null else "null removes")


@pytest.mark.parametrize("path", NEEDED, ids=dotted)
@pytest.mark.parametrize("null", ["", "null"])
def test_what_the_chart_needs_cannot_be_taken_away(path: Path, null: str) -> None:
    (found,) = refused(written(path, null))
    assert (found.code, found.path) == ("null", path)


def test_all_switches_of_the_chart_are_needed() -> None:
    # Without the others, which the chart's schema does not ask for: there null is off.
    switches = {p for p in FIELDS if p[-1] in ("enabled", "create") and p not in NEEDED}
    assert {dotted(p) for p in switches if p[-2:-1] not in (("pdb",), ("networkPolicy",))} == {
        "enabled",
        "proxy.https.enabled",
        "scheduling.podPriority.enabled",
        "scheduling.userPlaceholder.enabled",
    }


@pytest.mark.parametrize(
    ("text", "path", "lost"),
    [
        ("hub:\n  networkPolicy:\n    enabled:\n", "hub.networkPolicy.enabled", "true"),
        ("cull:\n  timeout:\n", "cull.timeout", "3600"),
        ("singleuser:\n  memory:\n    guarantee:\n", "singleuser.memory.guarantee", "'1G'"),
        ("hub:\n  db:\n    pvc:\n      accessModes:\n", "hub.db.pvc.accessModes", "what it would be"),
        (
            "hub:\n  podSecurityContext:\n",
            "hub.podSecurityContext",
            "hub.podSecurityContext.runAsNonRoot, hub.podSecurityContext.fsGroup, "
            "hub.podSecurityContext.seccompProfile.type",
        ),
    ],
)
def test_what_nothing_takes_away_is_told(text: str, path: str, lost: str) -> None:
    message = f"nothing is behind this key; that means null, which removes {lost}"
    assert ("nothing-below", path, message) in warned(text)
    # Written out it is meant.
    assert "nothing-below" not in [code for code, *_ in warned(text.rstrip("\n") + " null\n")]


def test_what_other_files_set_is_told_too() -> None:
    found = warned("hub: {extraConfig: {a: x = 1, b: y = 2}}\n", "hub:\n  extraConfig:\n")
    message = "nothing is behind this key; that means null, which removes hub.extraConfig.a, hub.extraConfig.b"
    assert found == [("nothing-below", "hub.extraConfig", message)]


@pytest.mark.parametrize(
    "text",
    [
        "hub:\n  extraConfig:\n",
        "singleuser:\n  profileList:\n",
        "singleuser:\n  storage:\n    static:\n      pvcName:\n",
    ],
)
def test_nothing_is_told_where_nothing_is_lost(text: str) -> None:
    assert warned(text) == []


def test_classes_of_hub_config() -> None:
    base = "hub: {config: {GitHubOAuthenticator: {client_id: a, allow_all: true}}}\n"
    with pytest.raises(ValuesError):
        load("hub:\n  config:\n    GitHubOAuthenticator:\n")
    for texts, lost in (
        (("hub:\n  config:\n    JupyterHub:\n",), "hub.config.JupyterHub.admin_access"),
        ((base, "hub:\n  config:\n    GitHubOAuthenticator:\n"), "hub.config.GitHubOAuthenticator.client_id"),
    ):
        found = [f for f in check(load(*texts)) if f.level is Level.ERROR]
        assert [f.code for f in found] == ["empty-class"]
        assert f"removes {lost}" in found[0].message
    assert "empty-class" not in [f.code for f in check(load(base, "hub: {config: {GitHubOAuthenticator: null}}\n"))]


@pytest.mark.parametrize("owner", ["hub", "singleuser", "proxy.chp", "proxy.traefik"])
def test_variables(owner: str) -> None:
    path = (*owner.split("."), "extraEnv", "A")
    assert [code for code, *_ in warned(written(path))] == ["empty-variable"]
    assert warned(written(path, '""')) == []
