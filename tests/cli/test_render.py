"""`render`: its flags, its order, its secrets, its exit codes."""

from __future__ import annotations

import base64
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_py import context_for, load_values, render, to_documents
from chart_py.errors import ValuesError
from chart_py.manifest.kinds import CLUSTER_KINDS, INSTALLED
from chart_py.manifest.order import hook_events
from tests.fake_hub import Ran

Cli = Callable[..., Ran]
ROOT = Path(__file__).parent.parent.parent
TOKEN = "5" * 64


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a values file and returns its path."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A file of secrets, so that renders can be compared."""
    return tmp_path / "secrets.yaml"


def objects(ran: Ran) -> list[dict[str, Any]]:
    assert ran.code == 0, ran.err
    return list(yaml.safe_load_all(ran.out))


def named(ran: Ran) -> list[str]:
    return [f"{o['kind']}/{o['metadata']['name']}" for o in objects(ran)]


def one(ran: Ran) -> dict[str, Any]:
    (found,) = objects(ran)
    return found


def hub_values(ran: Ran) -> Any:
    """The values as the hub reads them."""
    secret = one(ran)
    return yaml.safe_load(base64.b64decode(secret["data"]["values.yaml"]))


# --- What comes out, and in which order -------------------------------------------------------------------------------


def test_the_defaults_alone_are_a_hub(chart_py: Cli) -> None:
    assert named(chart_py("render", "--defaults")) == [
        "NetworkPolicy/hub",
        "NetworkPolicy/proxy",
        "NetworkPolicy/singleuser",
        "PodDisruptionBudget/user-placeholder",
        "PodDisruptionBudget/user-scheduler",
        "ServiceAccount/continuous-image-puller",
        "ServiceAccount/hub",
        "ServiceAccount/user-scheduler",
        "Secret/hub",
        "ConfigMap/hub",
        "ConfigMap/user-scheduler",
        "PersistentVolumeClaim/hub-db-dir",
        "ClusterRole/jhub-user-scheduler",
        "ClusterRoleBinding/jhub-user-scheduler",
        "Role/hub",
        "RoleBinding/hub",
        "Service/hub",
        "Service/proxy-api",
        "Service/proxy-public",
        "DaemonSet/continuous-image-puller",
        "Deployment/hub",
        "Deployment/proxy",
        "Deployment/user-scheduler",
        "StatefulSet/user-placeholder",
        "ServiceAccount/hook-image-puller",
        "DaemonSet/hook-image-puller",
        "ServiceAccount/hook-image-awaiter",
        "Role/hook-image-awaiter",
        "RoleBinding/hook-image-awaiter",
        "Job/hook-image-awaiter",
    ]


@pytest.mark.parametrize("example", sorted((ROOT / "values").glob("*.yaml")), ids=lambda file: file.stem)
def test_objects_come_in_the_order_of_their_installation_each_in_its_namespace(chart_py: Cli, example: Path) -> None:
    found = objects(chart_py("render", "-f", example, "--namespace", "there"))
    release = [o["kind"] for o in found if not hook_events(o)]
    order = [kind.name for kind in INSTALLED]
    known = [kind for kind in release if kind in order]
    assert known == sorted(known, key=order.index)
    assert release[: len(known)] == known
    hooks = [bool(hook_events(o)) for o in found]
    assert hooks == sorted(hooks)
    spaces = {o["kind"]: o["metadata"].get("namespace") for o in found}
    assert spaces == {kind: None if kind in CLUSTER_KINDS else "there" for kind in spaces}
    assert len({(o["apiVersion"], o["kind"], o["metadata"]["name"]) for o in found}) == len(found)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, kept: Path) -> None:
    """In processes of their own, whose dictionaries and sets are seeded differently."""
    command = [
        sys.executable,
        "-m",
        "chart_py",
        "render",
        "-f",
        "values/services-and-roles.yaml",
        "--secrets",
        str(kept),
    ]
    first, second = (
        subprocess.run(command, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed})
        for seed in ("1", "2")
    )
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout == second.stdout != b""
    assert first.stderr == second.stderr == b""


def test_python_renders_what_the_command_line_prints(chart_py: Cli, kept: Path, file: Callable[..., Path]) -> None:
    values = file("config.yaml", "hub: {db: {type: sqlite-memory}}\n")
    ran = chart_py("render", "-f", values, "--secrets", kept)
    from chart_py.context import Context
    from chart_py.credentials import from_file

    loaded = load_values([values])
    assert ran.out == to_documents(render(loaded, Context(secrets=from_file(kept, loaded.values))))


def test_release_and_namespace(chart_py: Cli) -> None:
    found = one(
        chart_py("render", "--defaults", "--release", "spring", "--namespace", "courses", "--show-only", "service/hub")
    )
    assert found["metadata"]["namespace"] == "courses"
    assert found["metadata"]["labels"]["release"] == "spring"


@pytest.mark.parametrize("options", [("--release", "Spring_1"), ("--namespace", "-"), ("--release", "x" * 54)])
def test_names_that_kubernetes_refuses(chart_py: Cli, options: tuple[str, str]) -> None:
    ran = chart_py("render", "--defaults", *options)
    assert (ran.code, ran.out) == (2, "")
    what = f"{options[0].removeprefix('--')} {options[1]!r}"
    assert ran.err.startswith(f"error: {what} is not a valid name: expected lowercase letters, digits and dashes, ")


# --- Values -----------------------------------------------------------------------------------------------------------


def test_later_files_win_maps_merge_lists_replace_null_removes(chart_py: Cli, file: Callable[..., Path]) -> None:
    first = file("a.yaml", "hub: {labels: {a: one, b: one}, templatePaths: [/one, /two]}\ncull: {timeout: 60}\n")
    second = file("b.yaml", "hub: {labels: {b: two}, templatePaths: [/three]}\ncull: {timeout: null}\n")
    found = hub_values(chart_py("render", "-f", first, "-f", second, "--show-only", "Secret/hub"))
    assert found["hub"]["labels"] == {"a": "one", "b": "two"}
    assert found["hub"]["templatePaths"] == ["/three"]
    assert "timeout" not in found["cull"] and found["cull"]["every"] == 600


def test_standard_input_is_a_file_like_any_other(
    chart_py: Cli, file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = file("a.yaml", "hub: {labels: {a: file}}"), file("c.yaml", "hub: {labels: {c: file}}")
    given = io.TextIOWrapper(io.BytesIO(b"hub: {labels: {a: stdin, b: stdin, c: stdin}}"))
    monkeypatch.setattr(sys, "stdin", given)
    found = hub_values(chart_py("render", "-f", first, "-f", "-", "-f", last, "--show-only", "Secret/hub"))
    assert found["hub"]["labels"] == {"a": "stdin", "b": "stdin", "c": "file"}


def test_set_is_typed_by_the_word_and_wins_over_files(chart_py: Cli, file: Callable[..., Path]) -> None:
    values = file("a.yaml", "singleuser: {image: {tag: old}}\nhub: {concurrentSpawnLimit: 1}\n")
    settings = {
        "singleuser.image.tag": ("20161216", "20161216"),
        "hub.concurrentSpawnLimit": ("7", 7),
        "hub.labels.a\\.b/c": ("1e3", "1e3"),
        "debug.enabled": ("true", True),
        "hub.templatePaths": ("[/x, /y]", ["/x", "/y"]),
        "hub.db.pvc.storage": ("5Gi", "5Gi"),
    }
    flags = [part for path, (text, _) in settings.items() for part in ("--set", f"{path}={text}")]
    found = hub_values(chart_py("render", "-f", values, *flags, "--show-only", "Secret/hub"))
    for path, (_, want) in settings.items():
        here = found
        for step in path.replace("\\.", "\0").split("."):
            here = here[step.replace("\0", ".")]
        assert (path, here, type(here)) == (path, want, type(want))


def test_set_file_is_the_files_text(chart_py: Cli, file: Callable[..., Path]) -> None:
    code = file("mine.py", "c.JupyterHub.log_level = 10\n")
    ran = chart_py("render", "--set-file", f"hub.extraConfig.mine={code}", "--show-only", "Secret/hub")
    assert hub_values(ran)["hub"]["extraConfig"] == {"mine": "c.JupyterHub.log_level = 10\n"}


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_show_only_keeps_the_order_and_ignores_case(chart_py: Cli) -> None:
    ran = chart_py("render", "--defaults", "--show-only", "deployment/HUB", "--show-only", "Service/hub")
    assert named(ran) == ["Service/hub", "Deployment/hub"]


def test_show_only_names_what_is_near(chart_py: Cli) -> None:
    ran = chart_py("render", "--defaults", "--show-only", "Deployment/hubs")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean deployment/hub?" in ran.err


def test_no_hooks_leaves_the_release(chart_py: Cli, kept: Path) -> None:
    whole = objects(chart_py("render", "--defaults", "--secrets", kept))
    without = objects(chart_py("render", "--defaults", "--secrets", kept, "--no-hooks"))
    assert without == [o for o in whole if not hook_events(o)]
    assert len(without) < len(whole)


def test_json_is_one_list_of_the_same_objects(chart_py: Cli, kept: Path) -> None:
    whole = objects(chart_py("render", "--defaults", "--secrets", kept))
    ran = chart_py("render", "--defaults", "--secrets", kept, "--output", "json")
    assert json.loads(ran.out) == {"apiVersion": "v1", "kind": "List", "items": whole}


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_file_for_each_object_whose_order_is_theirs(chart_py: Cli, kept: Path, tmp_path: Path, form: str) -> None:
    whole = objects(chart_py("render", "--defaults", "--secrets", kept))
    folder = tmp_path / "made" / "here"
    ran = chart_py("render", "--defaults", "--secrets", kept, "--output-dir", folder, "--output", form)
    assert (ran.code, ran.out, ran.err) == (0, "", f"{len(whole)} objects written to {folder}\n")
    files = sorted(folder.iterdir())
    read = [yaml.safe_load(f.read_text(encoding="utf-8")) for f in files]
    assert [one["items"][0] if form == "json" else one for one in read] == whole
    assert files[0].name == f"01-networkpolicy-hub.{form}"
    modes = {f.name: stat.S_IMODE(f.stat().st_mode) for f in files if "-secret-" in f.name}
    assert list(modes.values()) == [0o600]


def test_a_folder_that_cannot_be_made(chart_py: Cli, file: Callable[..., Path]) -> None:
    taken = file("taken", "a file")
    ran = chart_py("render", "--defaults", "--output-dir", taken)
    assert (ran.code, ran.out) == (2, "")
    assert str(taken) in ran.err


# --- Secrets ----------------------------------------------------------------------------------------------------------


def test_secrets_are_made_once_readable_by_their_owner_alone_and_kept(chart_py: Cli, kept: Path) -> None:
    first = chart_py("render", "--defaults", "--secrets", kept)
    assert (first.code, first.err) == (0, "")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    made = yaml.safe_load(kept.read_text(encoding="utf-8"))
    assert set(made) == {
        "hub.config.ConfigurableHTTPProxy.auth_token",
        "hub.config.CryptKeeper.keys",
        "hub.config.JupyterHub.cookie_secret",
    }
    assert all(len(text) == 64 and int(text, 16) for text in made.values())
    before = kept.read_bytes(), kept.stat().st_mtime_ns
    assert chart_py("render", "--defaults", "--secrets", kept).out == first.out
    assert (kept.read_bytes(), kept.stat().st_mtime_ns) == before
    secret = one(chart_py("render", "--defaults", "--secrets", kept, "--show-only", "Secret/hub"))
    assert {key: base64.b64decode(secret["data"][key]).decode() for key in made} == made


def test_a_new_service_gets_its_token_and_the_others_stay(chart_py: Cli, kept: Path, file: Callable[..., Path]) -> None:
    chart_py("render", "--defaults", "--secrets", kept)
    before = yaml.safe_load(kept.read_text(encoding="utf-8"))
    chart_py("render", "--secrets", kept, "-f", file("a.yaml", "hub: {services: {grader: {}}}"))
    after = yaml.safe_load(kept.read_text(encoding="utf-8"))
    token = after.pop("hub.services.grader.apiToken")
    assert after == before
    assert len(token) == 64 and token not in before.values()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_users_own_secret_wins_and_is_not_kept(chart_py: Cli, kept: Path, file: Callable[..., Path]) -> None:
    values = file("a.yaml", f"proxy: {{secretToken: '{TOKEN}'}}\nhub: {{cookieSecret: '{TOKEN}'}}\n")
    secret = one(chart_py("render", "--secrets", kept, "-f", values, "--show-only", "Secret/hub"))
    assert base64.b64decode(secret["data"]["hub.config.ConfigurableHTTPProxy.auth_token"]).decode() == TOKEN
    assert list(yaml.safe_load(kept.read_text(encoding="utf-8"))) == ["hub.config.CryptKeeper.keys"]


@pytest.mark.parametrize("text", ["- a list", "a: 1", "a: [", "a: ''"])
def test_a_file_that_holds_no_secrets_is_left_alone(chart_py: Cli, kept: Path, text: str) -> None:
    kept.write_text(text, encoding="utf-8")
    ran = chart_py("render", "--defaults", "--secrets", kept)
    assert (ran.code, ran.out) == (2, "")
    assert str(kept) in ran.err
    assert kept.read_text(encoding="utf-8") == text


def test_a_place_where_no_secrets_can_be_kept(chart_py: Cli, tmp_path: Path) -> None:
    ran = chart_py("render", "--defaults", "--secrets", tmp_path / "nowhere" / "secrets.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "No such file or directory" in ran.err


def test_secrets_of_nobody_are_made_with_one_warning(chart_py: Cli) -> None:
    first, second = chart_py("render", "--defaults"), chart_py("render", "--defaults")
    assert first.out != second.out
    assert first.err == second.err
    assert first.err.count("warning") == 1
    assert chart_py("render", "--defaults", "--show-only", "Service/hub").err == ""


# --- What goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hub:\n  db:\n    tpye: other\n", ":3:5: error: hub.db.tpye: unknown setting; did you mean hub.db.type?"),
        ("hub: {concurrentSpawnLimit: many}\n", ":1:29: error: hub.concurrentSpawnLimit: expected a whole number"),
        ("hub:\n\tdb: {}\n", ":2:1: error: not valid YAML"),
        ("- hub\n", ":1:1: error: expected a map of settings, got a list"),
        ("hub: {command: ['{{ .Capabilities.KubeVersion }}']}\n", ":1:17: error: hub.command[0]"),
    ],
)
def test_what_is_wrong_in_the_values_is_said_with_its_place(
    chart_py: Cli, file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    values = file("config.yaml", text)
    monkeypatch.chdir(values.parent)  # a message is as wide as a terminal, and a long path would break it
    ran = chart_py("render", "-f", "config.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert f"config.yaml{said}" in ran.err
    with pytest.raises(ValuesError):
        loaded = load_values([values])
        render(loaded, context_for(loaded))


@pytest.mark.parametrize(
    "arguments", [("-f", "missing.yaml"), ("-f", "."), ("--set-file", "hub.extraConfig.a=missing")]
)
def test_a_file_that_cannot_be_read(
    chart_py: Cli, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = chart_py("render", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "error: " in ran.err and "Traceback" not in ran.err


@pytest.mark.parametrize(
    "arguments", [("--colour",), ("--output", "toml"), ("-f",), ("extra",), ("--chart-version", "9")]
)
def test_options_that_there_are_not(chart_py: Cli, arguments: tuple[str, ...]) -> None:
    ran = chart_py("render", "--defaults", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")


def test_a_misspelt_verb(chart_py: Cli) -> None:
    ran = chart_py("rendr")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean render?" in ran.err


def test_a_secret_shows_in_no_finding(
    chart_py: Cli, file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    values = file("a.yaml", "hub:\n  db: {password: [hunter2hunter2]}\nproxy:\n  secretTokne: hunter2hunter2\n")
    monkeypatch.chdir(values.parent)
    ran = chart_py("render", "-f", "a.yaml", "--set", "hub.cookieSecret=[hunter2hunter2]")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count("error: ") == 3
    assert "hunter2" not in ran.err


def test_a_fault_of_our_own_is_no_traceback_and_tells_no_secret(chart_py: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("hunter2hunter2")

    monkeypatch.setattr("chart_py.cli.render.render_objects", broken)
    ran = chart_py("render", "--defaults")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: chart_py itself is at fault: RuntimeError at test_render.py:")
    assert "hunter2" not in ran.err


def test_an_interrupted_render(chart_py: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chart_py.cli.render.render_objects", interrupted)
    ran = chart_py("render", "--defaults")
    assert (ran.code, ran.out, ran.err) == (130, "", "\ninterrupted\n")


def test_a_reader_that_has_gone_is_no_fault(kept: Path, file: Callable[..., Path]) -> None:
    """As in `render | head -1`, with more to say than a pipe holds."""
    code = file("long.py", "# a long configuration\n" * 20_000)
    command = [
        sys.executable,
        "-m",
        "chart_py",
        "render",
        "--defaults",
        "--secrets",
        str(kept),
        "--set-file",
        f"hub.extraConfig.a={code}",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as running:
        assert running.stdout is not None and running.stderr is not None
        assert running.stdout.readline() == b"---\n"
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 0
