"""Which values a verb speaks of: those of -f, else ./config.yaml and that is said, else none unless asked for."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from chart_py.cli.suggestions import object_key
from tests.fake_hub import Desk

GITHUB = """\
hub:
  config:
    JupyterHub: {authenticator_class: github}
    GitHubOAuthenticator:
      client_id: a-client
      client_secret: a-secret-of-github
      oauth_callback_url: https://hub.example.org/hub/oauth_callback
      allowed_organizations: [example]
"""
BROKEN = "hub: {db: {tpye: sqlite-pvc}}\n"
NOTE = "note: using ./config.yaml; name other files with -f\n"
JUDGE = [("validate",), ("diff",), ("apply",), ("apply", "--yes"), ("values",), ("values", "--explain", "hub.db.type")]
ALL = [*JUDGE, ("render",), ("diff", "--to", "other.yaml"), ("validate", "--output", "json")]


@pytest.mark.parametrize("verb", JUDGE, ids=" ".join)
@pytest.mark.parametrize("more", [(), ("--set", "singleuser.image.tag=2")], ids=["", "set"])
def test_nothing_named_and_nothing_here_is_refused(desk: Desk, verb: tuple[str, ...], more: tuple[str, ...]) -> None:
    ran = desk.run(*verb, *more)
    name = f"chart-py {verb[0]}"
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: no configuration: -f is missing and this folder has no config.yaml\n"
        f"   {name} -f FILE\n"
        f"   For a hub on the built-in defaults: {name} --defaults\n"
    )
    assert desk.cluster.asked == []


def test_the_command_to_type_names_the_one_file_that_is_here(desk: Desk) -> None:
    Path("hub.yml").write_text("", encoding="utf-8")
    Path("notes.txt").write_text("", encoding="utf-8")
    assert "\n   chart-py apply -f hub.yml\n" in desk.run("apply").err
    for name in "abcdef":
        Path(f"{name}.yaml").write_text("", encoding="utf-8")
    assert "\n   chart-py apply -f FILE\n   YAML files here: a.yaml, b.yaml, c.yaml, d.yaml, e.yaml and 2 more\n" in (
        desk.run("apply").err
    )


@pytest.mark.parametrize("verb", ALL, ids=" ".join)
def test_the_file_of_this_folder_is_taken_and_that_is_said(desk: Desk, verb: tuple[str, ...]) -> None:
    Path("config.yaml").write_text(BROKEN, encoding="utf-8")
    Path("other.yaml").write_text("", encoding="utf-8")
    ran = desk.run(*verb)
    assert ran.code == 2
    assert ran.err.count(NOTE) == 1
    assert "config.yaml:1:12" in ran.err or '"line": 1' in ran.out
    named = desk.run(*verb, "-f", "other.yaml")
    assert NOTE not in named.err
    assert named.code != 2 or verb[0] == "apply"


@pytest.mark.parametrize("kind", ["folder", "dangling"])
def test_what_is_named_so_and_cannot_be_read_is_no_reason_for_the_defaults(desk: Desk, kind: str) -> None:
    Path("config.yaml").mkdir() if kind == "folder" else Path("config.yaml").symlink_to("nowhere.yaml")
    for verb in ("apply", "validate", "render"):
        ran = desk.run(verb)
        assert (ran.code, ran.err.startswith(NOTE + "config.yaml: error: ")) == (2, True), verb


def test_render_stays_the_first_command(desk: Desk) -> None:
    ran = desk.run("render")
    assert (ran.code, ran.out.count("kind: Deployment\n") > 1) == (0, True)
    assert ran.err.startswith("note: no -f given and no ./config.yaml here: using the built-in defaults\n")
    asked = desk.run("render", "--defaults", "--set", "proxy.secretToken=" + "a" * 64)
    assert (asked.code, "built-in" in asked.err) == (0, False)


@pytest.mark.parametrize("verb", JUDGE, ids=" ".join)
def test_the_defaults_on_purpose(desk: Desk, verb: tuple[str, ...]) -> None:
    Path("config.yaml").write_text(BROKEN, encoding="utf-8")
    ran = desk.run(*verb, "--defaults")
    assert ran.code == (2 if verb == ("apply",) else 1 if verb == ("diff",) else 0), ran.err
    assert "config.yaml" not in ran.err
    both = desk.run(*verb, "--defaults", "-f", "config.yaml")
    assert (both.code, "leave out either --defaults or -f" in both.err) == (2, True)


def test_a_login_does_not_become_dummy_by_silence(desk: Desk) -> None:
    """The release has GitHub's login: an apply beside its file keeps it, an apply elsewhere does nothing."""
    Path("config.yaml").write_text(GITHUB, encoding="utf-8")
    assert desk.run("apply", "--yes").code == 0
    before = desk.live("Secret", "hub")
    again = desk.run("apply", "--yes")
    assert (again.code, NOTE in again.err) == (0, True)
    assert desk.live("Secret", "hub") == before
    Path("config.yaml").rename("elsewhere")
    assert desk.run("apply", "--yes").code == 2
    assert desk.live("Secret", "hub") == before


def test_a_plan_that_was_kept_needs_no_file(desk: Desk) -> None:
    Path("config.yaml").write_text(GITHUB, encoding="utf-8")
    assert desk.run("diff", "--save", "plan.json").code == 1
    Path("config.yaml").write_text(BROKEN, encoding="utf-8")
    ran = desk.run("apply", "--plan", "plan.json")
    assert (ran.code, NOTE in ran.err) == (0, False), ran.err
    refused = desk.run("apply", "--plan", "plan.json", "--defaults")
    assert (refused.code, "leave out -f" in refused.err) == (2, True)


def test_data_stays_clean(desk: Desk) -> None:
    Path("config.yaml").write_text(GITHUB, encoding="utf-8")
    assert json.loads(desk.run("diff", "-o", "json").out)["release"] == "jhub"
    assert json.loads(desk.run("validate", "-o", "json").out)["objects"] > 20


def test_completion_of_objects_speaks_of_the_same_file(desk: Desk) -> None:
    context = click.Context(click.Command("render"))
    context.params = {}
    names = {item.value for item in object_key(context, click.Option(["--show-only"]), "Deployment/")}
    assert "Deployment/hub" in names
    Path("config.yaml").write_text("fullnameOverride: prod\n", encoding="utf-8")
    names = {item.value for item in object_key(context, click.Option(["--show-only"]), "Deployment/")}
    assert "Deployment/prod-hub" in names
