"""What people type who come from Helm leads to what they mean, and never to something that destroys."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.cli import VERBS, cli
from chart_py.cli.habits import OPTIONS, instead_of
from chart_py.cli.habits import VERBS as HABITS
from tests.fake_hub import Desk

ASKED = {
    "install": "apply",
    "upgrade": "apply",
    "template": "render",
    "lint": "validate",
    "plan": "diff",
    "delete": "uninstall",
}


@pytest.mark.parametrize("verb", [*ASKED])
def test_a_verb_of_helm_leads_to_ours(desk: Desk, verb: str) -> None:
    if verb in VERBS:
        pytest.skip(f"{verb} is a verb of ours")
    ran = desk.run(verb, "-f", "config.yaml")
    assert (ran.code, ran.out) == (2, "")
    first, second = ran.err.splitlines()
    assert first == f"error: unknown command {verb}"
    assert second.startswith(f"   chart-py {ASKED[verb]} ")


def test_habits_lead_to_verbs_that_there_are() -> None:
    for name, habit in HABITS.items():
        assert habit.verb in VERBS or habit.verb == "--version", name
        assert habit.why[0].islower() and not habit.why.endswith("."), name


@given(st.sampled_from(["install", "upgrade", "template", "plan", "apply", "list", "status"]), st.data())
def test_a_letter_too_few_never_leads_to_uninstall(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    mistyped = word[:at] + word[at + 1 :]
    assert "uninstall" not in instead_of(mistyped, VERBS).split("\n   Commands: ")[0]


def test_a_misspelt_verb(desk: Desk) -> None:
    assert desk.run("valdate").err == "error: unknown command valdate; did you mean validate?\n"
    assert desk.run("instal").err == "error: unknown command instal; did you mean apply?\n"
    nothing = desk.run("xyzzy").err
    assert nothing.startswith("error: unknown command xyzzy\n   Commands: init, validate, ")


@pytest.mark.parametrize("argv", [(), ("help",), ("--help",), ("-h",)], ids=" ".join)
def test_help_is_no_error(desk: Desk, argv: tuple[str, ...]) -> None:
    ran = desk.run(*argv)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Usage: chart-py [OPTIONS] COMMAND [ARGS]...\n")
    assert all(f"\n  {verb} " in ran.out for verb in VERBS)


def test_help_of_a_verb(desk: Desk) -> None:
    assert desk.run("help", "apply") == desk.run("apply", "--help")
    assert desk.run("help", "lint").err.startswith("error: unknown command lint\n   chart-py validate ")


@pytest.mark.parametrize("verb", ["validate", "render", "diff", "apply", "values"])
def test_a_bare_file_belongs_behind_f(desk: Desk, verb: str) -> None:
    Path("mine").write_text("", encoding="utf-8")
    for files in (["config.yaml"], ["base.yml", "prod.yaml"], ["mine"], ["-"]):
        ran = desk.run(verb, *files)
        assert (ran.code, ran.out) == (2, "")
        named = " ".join(f"-f {each}" for each in files)
        assert f"\n   Name values files with -f: chart-py {verb} {named}\n" in ran.err
    assert desk.cluster.asked == []


@pytest.mark.parametrize("verb", ["status", "history", "uninstall", "handover", "apply", "diff"])
def test_a_bare_name_is_the_release(desk: Desk, verb: str) -> None:
    ran = desk.run(verb, "spring")
    assert (ran.code, ran.out) == (2, "")
    assert f"\n   Name the release with --release: chart-py {verb} --release spring\n" in ran.err


def test_a_release_where_a_revision_belongs(desk: Desk) -> None:
    ran = desk.run("rollback", "spring", "3")
    assert ran.code == 2
    assert ran.err.startswith("error: expected a revision number, got 'spring'\n")
    assert "\n   Name the release with --release: chart-py rollback --release spring\n" in ran.err


@pytest.mark.parametrize("option", [*OPTIONS])
def test_a_flag_of_helm_says_what_it_is_called_here(desk: Desk, option: str) -> None:
    ran = desk.run("apply", option)
    assert (ran.code, ran.err.splitlines()[0]) == (2, f"error: unknown option {option}: {OPTIONS[option]}")


def test_every_flag_that_is_named_is_there() -> None:
    import re

    known = {
        flag
        for verb in VERBS
        for parameter in getattr(import_module(f"chart_py.cli.{verb}"), verb).params
        for flag in (*parameter.opts, *parameter.secondary_opts)
    }
    said = {flag for text in OPTIONS.values() for flag in re.findall(r"--[a-z-]+", text)}
    assert said <= known
    assert not set(OPTIONS) & known


def test_another_argument_is_explained_as_it_is(desk: Desk) -> None:
    ran = desk.run("get", "notes")
    assert (ran.code, "'values', 'manifest'" in ran.err, "--release" in ran.err.splitlines()[0]) == (2, True, False)
    assert "range" in desk.run("rollback", "0").err


def test_completion_still_works() -> None:
    context = click.Context(cli, info_name="chart-py", resilient_parsing=True)
    command = cli.get_command(context, "apply")
    assert command is not None
    assert command.parse_args(click.Context(command, resilient_parsing=True), ["what", "ever"]) is not None
