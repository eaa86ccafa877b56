"""Golden files: ours are what the configurations render, and every way in which a person's can go wrong is told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from chart_py import Context
from chart_py.cli import main
from chart_py.golden import text_of

ROOT = Path(__file__).parent.parent
VALUES = ROOT / "values"
GOLDEN = ROOT / "tests" / "golden"


def test_every_golden_file_is_what_its_configuration_renders() -> None:
    """In parallel, as CI runs it; on a failure the output says which object and field has changed."""
    command = [sys.executable, "-m", "chart_py", "golden", "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    found = json.loads(done.stdout)
    assert [one for one in found if one["outcome"] != "same"] == []
    assert [one["name"] for one in found] == sorted(file.stem for file in VALUES.glob("*.yaml"))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_golden_file_is_what_kubectl_reads_and_holds_no_secret_that_was_made(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for document in yaml.safe_load_all(text):
        assert list(document)[:3] == ["apiVersion", "kind", "metadata"]
        assert document["metadata"]["name"]
    tokens = set(
        re.findall(r"\b[0-9a-f]{64}\b", "\n".join(line for line in text.splitlines() if "checksum" not in line))
    )
    assert tokens <= {"0" * 64}


Folders = tuple[Path, Path]
SMALL = "hub: {labels: {course: one}}\n"


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """A person's own folders: two configurations, and nothing kept of them yet; no CI."""
    monkeypatch.delenv("CI", raising=False)
    values, golden = tmp_path / "hubs", tmp_path / "kept"
    values.mkdir()
    (values / "one.yaml").write_text(SMALL, encoding="utf-8")
    (values / "two.yml").write_text("debug: {enabled: true}\n", encoding="utf-8")
    return values, golden


@pytest.fixture
def golden(folders: Folders, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str], str]]:
    """Runs `golden` on those folders: its exit code, its lines, its talk."""

    def call(*arguments: str) -> tuple[int, list[str], str]:
        capsys.readouterr()
        code = main(["golden", "--values", str(folders[0]), "--golden", str(folders[1]), *arguments])
        out, err = capsys.readouterr()
        return code, out.splitlines(), err

    return call


Golden = Callable[..., tuple[int, list[str], str]]


def test_what_was_written_is_the_same_until_something_changes(golden: Golden, folders: Folders) -> None:
    values, kept = folders
    code, lines, _ = golden("--update")
    assert (code, lines[-1]) == (0, "2 written")
    assert sorted(file.name for file in kept.iterdir()) == ["one.yaml", "two.yaml"]
    assert (kept / "one.yaml").read_text(encoding="utf-8") == text_of(values / "one.yaml", Context())
    assert golden() == (0, ["same     one", "same     two", "2 same"], "")
    assert golden("--update") == (0, ["same     one", "same     two", "2 same"], "")


def test_a_change_is_told_by_object_and_field(golden: Golden, folders: Folders) -> None:
    values, _ = folders
    golden("--update")
    (values / "one.yaml").write_text("hub: {labels: {course: other}, db: {type: sqlite-memory}}\n", encoding="utf-8")
    code, lines, _ = golden("one")
    assert code == 1
    assert lines[0] == "differs  one" and lines[-1] == "1 differs"
    assert "    - PersistentVolumeClaim/hub-db-dir" in lines
    assert "    ~ Deployment/hub" in lines
    assert '        spec.template.metadata.labels.course: "one" -> "other"' in lines
    assert '        data."values.yaml".hub.db.type: "sqlite-pvc" -> "sqlite-memory"' in lines


def test_a_secret_shows_in_no_change(golden: Golden, folders: Folders) -> None:
    values, _ = folders
    secret = "proxy: {{secretToken: '{0}'}}\nhub: {{config: {{GitHubOAuthenticator: {{client_secret: {0}}}}}}}\n"
    (values / "one.yaml").write_text(secret.format("1a" * 32), encoding="utf-8")
    golden("--update")
    (values / "one.yaml").write_text(secret.format("2b" * 32), encoding="utf-8")
    code, lines, err = golden()
    assert code == 1
    said = "\n".join(lines) + err
    assert "client_secret: (hidden) -> (hidden)" in said
    assert "1a1a" not in said and "2b2b" not in said


def test_what_was_never_written_is_missing(golden: Golden, folders: Folders) -> None:
    code, lines, _ = golden("two")
    kept = folders[1] / "two.yaml"
    assert code == 1
    assert lines == ["missing  two", f"    {kept} is not there; `golden two --update` writes it", "1 missing"]


def test_what_belongs_to_no_configuration_is_an_orphan(golden: Golden, folders: Folders) -> None:
    golden("--update")
    (folders[0] / "two.yml").unlink()
    code, lines, _ = golden()
    assert code == 1
    orphan = f"    {folders[1] / 'two.yaml'} matches no file in {folders[0]}; delete it"
    assert lines == ["same     one", "orphan   two", orphan, "1 same, 1 orphan"]
    assert golden("one") == (0, ["same     one", "1 same"], "")


def test_a_configuration_that_is_refused_says_why_and_the_others_are_compared(golden: Golden, folders: Folders) -> None:
    golden("--update")
    (folders[0] / "one.yaml").write_text("hub: {lables: {}}\n", encoding="utf-8")
    before = (folders[1] / "one.yaml").read_bytes()
    code, lines, _ = golden("--update")
    assert code == 1
    assert lines[0] == "refused  one" and lines[-2:] == ["same     two", "1 same, 1 refused"]
    assert any("hub.lables: unknown setting; did you mean hub.labels?" in line for line in lines)
    assert (folders[1] / "one.yaml").read_bytes() == before


@pytest.mark.parametrize("text", ["not: [yaml", "just text", "\udcff"])
def test_a_golden_file_that_was_damaged(golden: Golden, folders: Folders, text: str) -> None:
    golden("--update")
    (folders[1] / "one.yaml").write_bytes(text.encode("utf-8", "surrogateescape"))
    code, lines, _ = golden("one")
    assert code == 1
    assert lines[0].split() in (["differs", "one"], ["refused", "one"])
    assert "golden file is not YAML" in lines[1] or "not a text file" in lines[1]


def test_the_same_objects_in_another_form_differ_but_are_not_called_changed(golden: Golden, folders: Folders) -> None:
    golden("--update")
    kept = folders[1] / "one.yaml"
    kept.write_text(kept.read_text(encoding="utf-8") + "# read and liked\n", encoding="utf-8")
    code, lines, _ = golden("one")
    assert code == 1
    assert lines == ["differs  one", "    the same objects, written in another order or form", "1 differs"]


def test_golden_files_are_never_rewritten_in_ci(
    golden: Golden, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    code, lines, err = golden("--update")
    assert (code, lines) == (2, [])
    assert err.startswith("error: --update is refused in CI")
    assert not folders[1].exists()


def test_a_name_that_there_is_not(golden: Golden) -> None:
    code, lines, err = golden("three")
    assert (code, lines) == (2, [])
    assert "has no three.yaml; configurations there: one, two" in err


def test_a_folder_without_configurations(golden: Golden, folders: Folders, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder, said in ((empty, "no .yaml file in this folder"), (tmp_path / "nowhere", "no such folder")):
        code, lines, err = golden("--values", str(folder))
        assert (code, lines) == (2, [])
        assert said in err


def test_outcomes_as_json(golden: Golden, folders: Folders) -> None:
    golden("one", "--update")
    code, lines, _ = golden("--output", "json")
    kept = folders[1] / "two.yaml"
    assert code == 1
    assert json.loads("\n".join(lines)) == [
        {"name": "one", "outcome": "same", "lines": []},
        {"name": "two", "outcome": "missing", "lines": [f"{kept} is not there; `golden two --update` writes it"]},
    ]


def test_many_configurations_are_compared_in_several_processes(golden: Golden, folders: Folders) -> None:
    for number in range(20):
        (folders[0] / f"hub-{number:02}.yaml").write_text(SMALL, encoding="utf-8")
    assert golden("--update")[1][-1] == "22 written"
    (folders[0] / "hub-11.yaml").write_text("debug: {enabled: true}\n", encoding="utf-8")
    code, lines, _ = golden()
    assert code == 1
    assert [line for line in lines if not line.startswith((" ", "same"))] == ["differs  hub-11", "21 same, 1 differs"]


def test_the_release_is_part_of_what_is_kept(golden: Golden) -> None:
    golden("--update", "--release", "spring", "--namespace", "courses")
    assert golden("--release", "spring", "--namespace", "courses")[0] == 0
    code, lines, _ = golden("one")
    assert code == 1
    assert '        metadata.namespace: "courses" -> "jhub"' in lines
    assert '        metadata.labels.release: "spring" -> "jhub"' in lines
