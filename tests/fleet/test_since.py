"""Which hubs of a repository change since a commit, and how: with the real git."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from chart_py.cli import main
from chart_py.context import Context
from chart_py.errors import UsageError
from chart_py.fleet.files import AtCommit, OnDisk
from chart_py.fleet.since import HubChange, Outcome, Question, compare, edge_groups, groups
from chart_py.views.since import since_data, since_github, since_lines, since_markdown


class Repository:
    """A repository with hubs, one values file each, in a folder of it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.hubs = folder / "config" / "hubs"
        self.hubs.mkdir(parents=True)
        self.git("init", "-q")

    def git(self, *arguments: str) -> str:
        own = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        run = subprocess.run(
            ["git", "-C", str(self.root), *own, *arguments], check=True, capture_output=True, text=True
        )
        return run.stdout

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.hubs / f"{name}.yaml").write_text(text, encoding="utf-8")

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "hubs")

    def since(self, reference: str = "HEAD", *names: str) -> list[HubChange]:
        asked = Question(AtCommit(self.hubs, reference), OnDisk(self.hubs), Context(), folder="hubs")
        return compare(asked, names)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Four hubs."""
    made = Repository(tmp_path)
    made.write(
        one="hub: {baseUrl: /one}\n",
        two="hub: {baseUrl: /two}\n",
        three="singleuser: {networkPolicy: {egressAllowRules: {nonPrivateIPs: false}}}\n",
        four="{}\n",
    )
    made.commit()
    return made


def outcomes(found: list[HubChange]) -> dict[str, str]:
    return {each.name: each.outcome.value for each in found}


def test_nothing_has_changed(repository: Repository) -> None:
    assert outcomes(repository.since()) == dict.fromkeys(("four", "one", "three", "two"), "same")
    assert list(since_lines(repository.since())) == ["", "4 same"]


def test_a_comment_changes_no_hub(repository: Repository) -> None:
    repository.write(one="# ours\nhub: {baseUrl: /one}   # here\n")
    assert set(outcomes(repository.since()).values()) == {"same"}


def test_each_outcome(repository: Repository) -> None:
    repository.write(one="hub: {baseUrl: /other}\n", two="hub: {tpye: x}\n", five="{}\n")
    (repository.hubs / "four.yaml").unlink()
    found = repository.since()
    assert outcomes(found) == {"five": "new", "one": "changed", "three": "same", "two": "broken", "four": "gone"}
    broken = next(each for each in found if each.outcome is Outcome.BROKEN)
    assert broken.problem.startswith("hubs/two.yaml:1:7: error: hub.tpye: unknown setting")
    assert outcomes(repository.since("HEAD", "one")) == {"one": "changed"}


def test_what_several_share_is_one_group(repository: Repository) -> None:
    for name in ("one", "two"):
        repository.write(**{name: f"hub: {{baseUrl: /{name}}}\ncull: {{every: 90}}\n"})
    repository.write(three="cull: {every: 30}\n")
    found = groups(repository.since())
    shared = [group for group in found if group.hubs == ("one", "two")]
    assert len(shared) == 1
    assert ("~ Secret/hub", 'data."values.yaml".cull.every: 600 -> 90') in shared[0].changes
    everywhere = next(group for group in found if group.hubs == ("one", "three", "two"))
    assert everywhere.changes[0][0] == "~ Deployment/hub"
    told = [(group.hubs, change) for group in found for change in group.changes]
    assert len(told) == len(set(told))


def test_edges_are_told(repository: Repository) -> None:
    repository.write(three="{}\n")
    [group] = edge_groups(repository.since())
    assert group.hubs == ("three",)
    assert ("opens user -> internet (any port): no -> yes",) in group.changes


def test_many_hubs_at_once(repository: Repository) -> None:
    names = [f"hub{n}" for n in range(40)]
    repository.write(**{name: f"hub: {{baseUrl: /{name}}}\n" for name in names})
    repository.commit()
    repository.write(**{name: f"hub: {{baseUrl: /{name}}}\ncull: {{every: 90}}\n" for name in names})
    found = repository.since()
    assert [each.name for each in found if each.outcome is Outcome.CHANGED] == sorted(names)
    assert {group.hubs for group in groups(found)} == {tuple(sorted(names))}
    text = since_markdown(found, 3000)
    assert len(text) <= 3000
    assert "40 changed" in text


def test_data_and_annotations(repository: Repository) -> None:
    repository.write(one="hub: {baseUrl: /other}\n", two="hub: {tpye: x}\n")
    found = repository.since()
    data = json.loads(json.dumps(since_data(found)))
    assert {each["name"]: each["outcome"] for each in data["hubs"]} == outcomes(found)
    assert [each["object"] for group in data["changes"] for each in group["objects"] if each["what"] == "changed"]
    lines = list(since_github(found))
    assert lines[0].startswith("::notice title=one::changed: ")
    assert lines[1].startswith("::error title=two cannot be rendered::hubs/two.yaml:1:7: error:")
    assert "%0A" in lines[1]


def test_a_secret_is_never_shown(repository: Repository) -> None:
    repository.write(one="proxy: {secretToken: hunter2hunter2}\n")
    found = repository.since()
    text = "\n".join([*since_lines(found), json.dumps(since_data(found)), since_markdown(found)])
    assert "changed" in text
    assert "hunter2" not in text


@pytest.mark.parametrize("reference", ["nope", "--help", "HEAD~5", ""])
def test_what_is_no_commit(repository: Repository, reference: str) -> None:
    with pytest.raises(UsageError) as caught:
        repository.since(reference)
    assert "no such commit, branch or tag" in str(caught.value)


def test_no_repository(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        AtCommit(tmp_path, "HEAD")
    assert "there is none" in str(caught.value)


def test_the_command(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> int:
        return main(["golden", *arguments, "--values", str(repository.hubs)])

    repository.write(one="hub: {baseUrl: /other}\n")
    assert run("--since", "HEAD") == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[0].split() == ["changed", "one"]
    assert out.endswith("3 same, 1 changed\n")
    assert run("two", "--since", "HEAD") == 0
    assert run("six", "--since", "HEAD") == 2
    assert run("--output", "github") == 2
    assert run("--since", "HEAD", "--update") == 2
    assert repository.git("status", "--short").split() == ["M", "config/hubs/one.yaml"]
