"""Completion: what click suggests, and what bash, zsh and fish make of it on a terminal."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from chart_py.checks.codes import all_codes
from chart_py.cli import COMPLETE, cli, main
from chart_py.cli.shells import rejoined
from tests.cli.shell import Terminal

FILE = ["(file)"]


def suggested(*arguments: str) -> list[str]:
    shell = ShellComplete(cli, {}, "chart-py", COMPLETE)
    found = shell.get_completions([*arguments[:-1]], arguments[-1])
    return [item.value if item.type == "plain" else f"({item.type})" for item in found]


SUGGESTED = {
    ("val",): ["validate", "values"],
    ("render", "--set", "hu"): ["hub."],
    ("render", "--set", "hub.db."): [
        "hub.db.type=",
        "hub.db.upgrade=",
        "hub.db.pvc.",
        "hub.db.url=",
        "hub.db.password=",
    ],
    ("apply", "--set", "hub.db.type=sqlite"): ["hub.db.type=sqlite-pvc", "hub.db.type=sqlite-memory"],
    ("apply", "--set=hub.db.upgrade="): ["hub.db.upgrade=true", "hub.db.upgrade=false"],
    ("render", "--set", "hub.extraCon"): ["hub.extraConfig.", "hub.extraContainers="],
    ("diff", "--set", "hub.config.GitH"): ["hub.config.GitHubOAuthenticator."],
    ("diff", "--set", "hub.config.GitHubOAuthenticator.client"): [
        "hub.config.GitHubOAuthenticator.client_id=",
        "hub.config.GitHubOAuthenticator.client_secret=",
    ],
    ("diff", "--set", "hub.config.JupyterHub.authenticator_class=git"): [
        "hub.config.JupyterHub.authenticator_class=github",
        "hub.config.JupyterHub.authenticator_class=gitlab",
    ],
    ("diff", "--set", "hub.config.Authenticator.allow_all=t"): ["hub.config.Authenticator.allow_all=true"],
    ("diff", "--set", "hub.config.NoSuchClass.allow"): [],
    ("render", "--set-file", "hub.extraF"): ["hub.extraFiles."],
    ("render", "--set-file", "hub.extraConfig.a="): FILE,
    ("render", "-f", ""): FILE,
    ("explain", "hub.db.p"): ["hub.db.pvc.", "hub.db.password"],
    ("explain", "hub.config.Dummy"): ["hub.config.DummyAuthenticator."],
    ("explain", "hub.config.DummyAuthenticator.pass"): ["hub.config.DummyAuthenticator.password"],
    ("explain", "auth.wh"): ["auth.whitelist."],
    ("values", "--explain", "singleuser.mem"): ["singleuser.memory."],
    ("render", "--show-only", "deploy"): ["Deployment/hub", "Deployment/proxy", "Deployment/user-scheduler"],
    ("render", "--set", "scheduling.userScheduler.enabled=false", "--show-only", "Deploy"): [
        "Deployment/hub",
        "Deployment/proxy",
    ],
    ("render", "-f", "no/such.yaml", "--show-only", "Service/"): [
        "Service/proxy-public",
        "Service/proxy-api",
        "Service/hub",
    ],
    ("validate", "--kube-version", "1.3"): [f"1.{minor}" for minor in range(30, 38)],
    ("validate", "--kube-version", "1.28..1.36"): ["1.28..1.36"],
    ("validate", "--ignore", ""): [*all_codes()],
    ("render", "--chart-version", "0"): ["0.7", "0.6"],
    ("golden", "--golden", ""): ["(dir)"],
    ("completion", ""): ["bash", "zsh", "fish"],
}


@pytest.mark.parametrize("arguments", SUGGESTED, ids=" ".join)
def test_what_is_suggested(arguments: tuple[str, ...]) -> None:
    assert sorted(suggested(*arguments)) == sorted(SUGGESTED[arguments])


def test_every_option_with_a_file_completes_files() -> None:
    import click

    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            if parameter.make_metavar(context) in ("FILE", "DIR"):
                kinds = {item.type for item in parameter.shell_complete(context, "")}
                assert kinds == {"file" if parameter.make_metavar(context) == "FILE" else "dir"}, (name, parameter.name)


@pytest.mark.parametrize(
    ("words", "before", "current"),
    [
        (["chart-py", "render", "--set", "hub.d"], ["render", "--set"], "hub.d"),
        (["chart-py", "render", ""], ["render"], ""),
        (["chart-py", "render"], ["render"], ""),
        (["chart-py", "--set", "a.b", "=", "c"], ["--set"], "a.b=c"),
        (["chart-py", "--set", "a.b", "="], ["--set"], "a.b="),
        (["chart-py", "--set", "=", "a.b", "=", ""], [], "--set=a.b="),
    ],
)
def test_bash_breaks_words_at_equals_signs(words: list[str], before: list[str], current: str) -> None:
    number = len(words) - 1 if words != ["chart-py", "render"] else len(words)
    assert rejoined(words, number) == (before, current)


def environment(tmp_path: Path) -> dict[str, str]:
    """Of a shell that finds `chart-py`, whatever the tests were started with."""
    program = tmp_path / "bin" / "chart-py"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m chart_py "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "TERM": "dumb", "LANG": "C.UTF-8", "COLUMNS": "200"}


def script(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["completion", shell]) == 0
    file = tmp_path / f"completion.{shell}"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    return file


def needs(shell: str) -> None:
    if shutil.which(shell) is None:
        assert not os.environ.get("CI"), f"CI installs {shell}"
        pytest.skip(f"there is no {shell} (Debian: apt-get install {shell})")


# What is typed before Tab, and the line with an X behind what Tab has made of it.
KEYS = [
    ("render --set hub.db.ty", "render --set hub.db.type=X"),
    ("render --set hub.db.type=sqlite-m", "render --set hub.db.type=sqlite-memory X"),
    ("render --set=hub.db.pv", "render --set=hub.db.pvc.X"),
    ("render --set hub.conc", "render --set hub.concurrentSpawnLimit=X"),
    ("explain singleuser.mem", "explain singleuser.memory.X"),
    ("render --show-only StatefulSet/", "render --show-only StatefulSet/user-placeholder X"),
    ("valid", "validate X"),
    ("render -f confi", "render -f config.yaml X"),
    ("render --set-file hub.extraConfig.a=confi", "render --set-file hub.extraConfig.a=config.yaml X"),
]
START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "bind 'set enable-bracketed-paste off'"),
    "zsh": (["zsh", "-f", "-i"], "unsetopt zle_bracketed_paste; autoload -U compinit; compinit -D"),
}


@pytest.mark.parametrize("shell", START)
def test_on_a_terminal(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs(shell)
    file = script(shell, tmp_path, capsys)
    (tmp_path / "config.yaml").write_text("{}\n", encoding="utf-8")
    command, first = START[shell]
    with Terminal(command, environment(tmp_path)) as terminal:
        terminal.type(f"{first}; cd {tmp_path}; PS1='> '; . {file}; echo rea''dy\n")
        terminal.shows("ready\n")
        for typed, becomes in KEYS:
            terminal.type(f"chart-py {typed}\tX")
            terminal.shows(re.escape(f"chart-py {becomes}").replace("\\ ", " +"))
            terminal.type("\x15")
        terminal.type("chart-py render --set hub.db.\t\t")
        terminal.shows(r"hub\.db\.password")


def test_in_fish(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs("fish")
    file = script("fish", tmp_path, capsys)
    (tmp_path / "config.yaml").write_text("{}\n", encoding="utf-8")
    surroundings = environment(tmp_path)
    for typed, becomes in KEYS[:7]:
        code = f"cd {tmp_path}; source {file}; complete -C 'chart-py {typed}'"
        done = subprocess.run(
            ["fish", "--no-config", "-c", code], env=surroundings, capture_output=True, text=True, check=True
        )
        wanted = becomes.removesuffix("X").split()[-1]
        assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == [wanted]
