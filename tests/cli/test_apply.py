"""The cluster's verbs on the command line: exit codes, what is printed, and that no secret ever is."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.terminal import on_terminal
from tests.control_plane import ControlPlane, wait_until
from tests.control_plane.users import write_kubeconfig
from tests.control_plane.workloads import role_binding
from tests.engine.fault_proxy import Asked, Fault, FaultProxy
from tests.engine.state import history, objects, remove_cluster_wide

ROOT = Path(__file__).parents[2]
TOKEN = "feedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedface"
PASSWORD = "correct-horse-battery-staple"
CONFIG = f"""
proxy:
  secretToken: {TOKEN}
  service: {{type: ClusterIP}}
hub:
  extraEnv:
    EDITION: one
    DB_PASSWORD: {PASSWORD}
"""


@dataclass
class Said:
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(control_plane: ControlPlane, tmp_path: Path) -> Iterator[Run]:
    """Runs `python -m chart_py` at the control plane; everything that any run has said is searched for secrets."""
    said: list[str] = []

    def call(*argv: str | Path, kubeconfig: Path | None = None, text: str = "") -> Said:
        command = [sys.executable, "-m", "chart_py", *map(str, argv)]
        where = {"KUBECONFIG": str(kubeconfig or control_plane.kubeconfig()), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, cwd=tmp_path, env={**os.environ, **where}, timeout=120
        )
        said.append(done.stdout + done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    yield call
    everything = "\n".join(said)
    for secret in (TOKEN, PASSWORD, *_generated(control_plane)):
        assert secret not in everything


def _generated(plane: ControlPlane) -> set[str]:
    """The secrets that were made for any hub that is there, plain and in base64."""
    import base64

    found: set[str] = set()
    for each in plane.api.json("GET", "/api/v1/secrets")["items"]:
        if each["metadata"]["name"] == "hub":
            values = [value for key, value in each["data"].items() if key != "values.yaml"]
            found |= {*values, *(base64.b64decode(value).decode() for value in values)}
    return found


@pytest.fixture
def namespace(control_plane: ControlPlane, namespace: str) -> Iterator[str]:
    """A fresh namespace, for a release of the same name: what that has outside of it goes too."""
    yield namespace
    remove_cluster_wide(control_plane, namespace)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    return file


def test_a_hub_from_install_to_uninstall(run: Run, config: Path, control_plane: ControlPlane, namespace: str) -> None:
    here = ("-n", namespace, "--release", namespace)
    first = run("diff", "-f", config, *here)
    assert first.code == 1
    assert f"+ create Deployment/hub in {namespace}" in first.out
    installed = run("apply", "-f", config, *here, "--yes", "-vv")
    assert installed.code == 0, installed.err
    assert f"{namespace} in {namespace}: revision 1 is deployed." in installed.out
    assert "Pulling images" in installed.err
    again = run("apply", "-f", config, *here)
    assert (again.code, again.out.splitlines()[-1]) == (
        0,
        "No changes; revision 1 stays deployed.",
    )
    assert run("diff", "-f", config, *here).code == 0
    changed = run("diff", "-f", config, "--set", "hub.extraEnv.EDITION=two", *here)
    assert changed.code == 1
    assert re.search(r"^ +kept: .*hub\.config\.JupyterHub\.cookie_secret", changed.out, re.MULTILINE)
    assert re.search(r"^\+ +value: two$", changed.out, re.MULTILINE)
    data = json.loads(run("diff", "-f", config, "--set", "hub.extraEnv.EDITION=two", *here, "-o", "json").out)
    assert data["restarts"] == ["Deployment/hub"]
    upgraded = run("apply", "-f", config, "--set", "hub.extraEnv.EDITION=two", *here, "--timeout", "90s", "--yes")
    assert upgraded.code == 0, upgraded.err
    status = json.loads(run("status", *here, "--output", "json").out)
    assert (status["revision"], status["status"], status["ready"], status["drift"]) == (2, "deployed", True, [])
    assert [each["status"] for each in json.loads(run("history", *here, "-o", "json").out)] == [
        "superseded",
        "deployed",
    ]
    values = run("get", "values", *here).out
    assert "EDITION: two" in values
    assert "(hidden)" in values
    manifest = run("get", "manifest", "--revision", "1", *here).out
    assert "kind: Deployment" in manifest
    assert run("rollback", *here, "--yes").code == 0
    listed = json.loads(run("list", "-A", "-o", "json").out)
    assert [(e["name"], e["revision"]) for e in listed if e["namespace"] == namespace] == [(namespace, 3)]
    unasked = run("uninstall", *here, text="n\n")
    assert (unasked.code, "Add --yes to agree" in unasked.err) == (2, True)
    assert run("status", *here).code in (0, 1)
    gone = run("uninstall", *here, "--yes")
    assert gone.code == 0
    assert "= keep PersistentVolumeClaim/hub-db-dir" in gone.out
    assert set(objects(control_plane, namespace)) == {"persistentvolumeclaims/hub-db-dir"}
    assert run("status", *here).code == 3
    refused = run("uninstall", *here, "--delete-data")
    assert refused.code == 3


def test_generated_secrets_stay_through_upgrades(run: Run, control_plane: ControlPlane, namespace: str) -> None:
    def secrets() -> dict[str, str]:
        found: dict[str, str] = control_plane.api.json("GET", f"/api/v1/namespaces/{namespace}/secrets/hub")["data"]
        return {key: value for key, value in found.items() if key != "values.yaml"}

    common = ("--defaults", "-n", namespace, "--release", namespace, "--no-wait", "--pull", "off", "--yes")
    assert run("apply", *common).code == 0
    before = secrets()
    assert len(before) == 3
    assert run("apply", "--set", "hub.extraEnv.A=b", *common).code == 0
    assert secrets() == before
    # Gone from the cluster, they come from the release's record.
    control_plane.api.json("DELETE", f"/api/v1/namespaces/{namespace}/secrets/hub")
    assert run("apply", "--set", "hub.extraEnv.A=b", *common).code == 0
    assert secrets() == before


def test_a_failing_upgrade_is_rolled_back(run: Run, config: Path, control_plane: ControlPlane, namespace: str) -> None:
    here = ("-n", namespace, "--release", namespace, "--pull", "off")
    assert run("apply", "-f", config, *here, "--yes").code == 0
    broken = run("apply", "-f", config, "--set", "hub.image.tag=missing", *here, "--rollback-on-failure", "--yes")
    assert broken.code == 4
    assert "cannot pull the image quay.io/jupyterhub/k8s-hub:missing" in broken.err
    assert "Rolled back: the hub is as it was in revision 1, now revision 3." in broken.err
    assert history(control_plane, namespace) == {1: "superseded", 2: "failed", 3: "deployed"}


def test_a_saved_plan(run: Run, config: Path, namespace: str, tmp_path: Path) -> None:
    here = ("-n", namespace, "--release", namespace)
    plan = tmp_path / "plan.json"
    assert run("diff", "-f", config, *here, "--save", plan).code == 1
    assert plan.stat().st_mode & 0o777 == 0o600
    assert run("apply", "--plan", plan, "--no-wait", "--pull", "off").code == 0
    late = run("apply", "--plan", plan, "--no-wait")
    assert late.code == 3
    assert "the cluster has moved on since this plan was made" in late.err


def test_a_saved_plan_is_for_one_release(run: Run, config: Path, namespace: str, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    assert run("diff", "-f", config, "-n", namespace, "--release", namespace, "--save", plan).code == 1
    other = run("apply", "--plan", plan, "--release", "other")
    assert other.code == 2
    assert f"is a plan for {namespace} in {namespace}, not for other in {namespace}" in other.err
    data = json.loads(plan.read_text(encoding="utf-8"))
    plan.write_text(json.dumps({**data, "cluster": "elsewhere"}), encoding="utf-8")
    elsewhere = run("apply", "--plan", plan)
    assert (elsewhere.code, "made for another cluster; nothing was written" in elsewhere.err) == (3, True)
    for text in ("", "{}", "[]", "no plan"):
        plan.write_text(text, encoding="utf-8")
        broken = run("apply", "--plan", plan)
        assert (broken.code, "not a saved plan" in broken.err) == (2, True), text
    assert run("apply", "--plan", tmp_path / "missing").code == 2


def test_without_a_cluster(run: Run, config: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    nowhere.write_text("", encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(CONFIG.replace("one", "two"), encoding="utf-8")
    found = run("diff", "-f", config, "--to", other, kubeconfig=nowhere)
    assert found.code == 1
    assert "~ update Deployment/hub" in found.out
    assert run("diff", "-f", config, "--to", config, kubeconfig=nowhere).code == 0
    manifests = run("render", "-f", "/dev/null", kubeconfig=nowhere).out
    assert run("diff", "-f", "/dev/null", "--against", "-", kubeconfig=nowhere, text=manifests).code == 0


def test_a_stranger(run: Run, config: Path, control_plane: ControlPlane, namespace: str) -> None:
    found = run("apply", "-f", config, "-n", namespace, "-vv", kubeconfig=control_plane.kubeconfig("nobody"))
    assert found.code == 3
    assert "error: " in found.err
    assert objects(control_plane, namespace) == {}


VERBS = (
    ("status",),
    ("history",),
    ("rollback", "--yes"),
    ("uninstall", "--yes"),
    ("handover", "--yes"),
    ("get", "values"),
    ("get", "manifest"),
)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_release_that_is_not_there(run: Run, namespace: str, verb: tuple[str, ...]) -> None:
    found = run(*verb, "-n", namespace, "--release", "nowhere")
    assert found.code == 3
    assert re.search(r"^error: .*nowhere", found.err, re.MULTILINE), found.err


@pytest.mark.parametrize(
    "verb", [*VERBS, ("list",), ("diff", "--defaults"), ("apply", "--defaults", "--yes")], ids=" ".join
)
def test_who_may_nothing_is_told_so(
    run: Run, control_plane: ControlPlane, namespace: str, verb: tuple[str, ...]
) -> None:
    found = run(*verb, "-n", namespace, "--release", "any", kubeconfig=control_plane.kubeconfig("nobody"))
    assert found.code == 3
    assert 'User "nobody" cannot list resource "secrets"' in found.err
    assert objects(control_plane, namespace) == {}


def test_who_administers_only_the_namespace(
    run: Run, control_plane: ControlPlane, config: Path, namespace: str
) -> None:
    """A hub without cluster-wide objects goes in at once: a role is there before it is bound."""
    rbac = "rbac.authorization.k8s.io"
    subject = {"kind": "User", "apiGroup": rbac, "name": "alice"}
    control_plane.api.apply(role_binding("alice", "admin", subject), namespace)
    here = ("-n", namespace, "--release", namespace)
    alice = control_plane.kubeconfig("alice")
    whole = run("apply", "-f", config, *here, kubeconfig=alice)
    assert whole.code == 3
    for kind in ("ClusterRole", "ClusterRoleBinding"):
        for verb in ("get", "patch", "create"):
            assert f"you lack the right to {verb} objects of kind {kind} of {rbac} in the cluster" in whole.err
    assert "needs an administrator" in whole.err
    assert set(objects(control_plane, namespace)) == {"rolebindings/alice"}
    small = ("--set", "scheduling.userScheduler.enabled=false")
    done = run("apply", "-f", config, *here, *small, "--yes", kubeconfig=alice)
    assert done.code == 0, done.err
    assert run("status", *here, kubeconfig=alice).code == 0
    assert run("apply", "-f", config, *here, *small, kubeconfig=alice).out.startswith(f"  {namespace} in {namespace}: ")
    assert run("uninstall", *here, "--yes", kubeconfig=alice).code == 0


def test_a_login_that_has_expired(run: Run, control_plane: ControlPlane, config: Path, tmp_path: Path) -> None:
    expired = write_kubeconfig(tmp_path / "expired", control_plane.url, control_plane.authority, "long-gone")
    for verb in (("apply", "-f", config), ("status",), ("list", "-A")):
        found = run(*verb, kubeconfig=expired)
        assert found.code == 3
        assert "the cluster does not accept the login (401)" in found.err
        assert "long-gone" not in found.err


def test_a_cluster_that_does_not_answer(run: Run, control_plane: ControlPlane, tmp_path: Path) -> None:
    nowhere = write_kubeconfig(tmp_path / "nowhere", "https://127.0.0.1:1", control_plane.authority, "x")
    found = run("status", "-n", "any", "--release", "any", kubeconfig=nowhere)
    assert found.code == 3
    assert "connection refused" in found.err
    assert "The API server is https://127.0.0.1:1" in found.err


def test_a_revision_that_is_not_there(run: Run, config: Path, namespace: str) -> None:
    here = ("-n", namespace, "--release", namespace)
    assert run("apply", "-f", config, *here, "--no-wait", "--pull", "off", "--yes").code == 0
    for verb in (("rollback", "7", "--yes"), ("get", "values", "--revision", "7")):
        found = run(*verb, *here)
        assert found.code == 3
        assert "has no revision 7" in found.err
        assert "Revisions that are kept: 1" in found.err
    assert run("rollback", *here).code == 3
    assert run("rollback", "one", *here).code == 2
    same = run("rollback", "1", *here)
    assert (same.code, "No changes; revision 1 stays deployed." in same.out) == (0, True)


def test_a_terminal_is_asked(control_plane: ControlPlane, config: Path, namespace: str) -> None:
    """Before anything is written, and for the release's name before data is lost."""
    admin = control_plane.kubeconfig()
    here = ("-n", namespace, "--release", namespace)
    apply = ("apply", "-f", config, *here, "--pull", "off")
    question = "? [y/N]: "
    refused = on_terminal(apply, {question: "n"}, admin)
    assert (refused.code, "Nothing was written." in refused.text) == (0, True)
    assert objects(control_plane, namespace) == {}
    done = on_terminal(apply, {question: "y"}, admin)
    assert done.code == 0, done.text
    assert "revision 1 is deployed" in done.text
    # The table, with how many are ready, and at last that all are.
    assert re.search(r"\d+ ready, \d+ not", done.text)
    assert "waits for" in done.text
    name = "Type the release's name to go on"
    wrong = on_terminal(("uninstall", "--delete-data", *here), {name: "something else"}, admin)
    assert (wrong.code, f"that is not {namespace}; nothing was written" in wrong.text) == (2, True)
    assert history(control_plane, namespace) == {1: "deployed"}
    gone = on_terminal(("uninstall", "--delete-data", *here), {name: namespace}, admin)
    assert gone.code == 0, gone.text
    assert objects(control_plane, namespace) == {}


def test_what_is_wrong_with_the_values_is_said_first(run: Run, tmp_path: Path) -> None:
    for verb in ("apply", "diff"):
        found = run(verb, "--defaults", "--set", "hub.nope=1", "--kubeconfig", tmp_path / "none")
        assert found.code == 2
        assert "hub.nope" in found.err
        assert "kubeconfig" not in found.err


def test_no_cluster_at_all(run: Run, config: Path, tmp_path: Path) -> None:
    found = run("apply", "-f", config, "--kubeconfig", tmp_path / "none")
    assert found.code == 3
    assert "Name one with --kubeconfig FILE" in found.err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("apply", "--defaults", "--timeout", "soon"), "expected a duration such as 90s, 10m or 1h30m"),
        (("apply", "--plan", "x", "--set", "a=b"), "--plan FILE runs a plan as it is"),
        (("apply", "--plan", "x", "--adopt"), "--plan FILE runs a plan as it is"),
        (("diff", "--against", "x", "--to", "y"), "give one of them"),
        (("get", "values", "--revision", "0"), "revision"),
    ],
)
def test_what_does_not_go_together(run: Run, argv: tuple[str, ...], said: str) -> None:
    found = run(*argv)
    assert found.code == 2
    assert said in found.err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_and_its_like(
    control_plane: ControlPlane, config: Path, namespace: str, tmp_path: Path, how: signal.Signals
) -> None:
    """It stops cleanly, says how far it came, and a second apply goes on from there."""
    with FaultProxy(control_plane) as proxy:
        kubeconfig = proxy.kubeconfig(tmp_path)
        argv = ["apply", "-f", str(config), "-n", namespace, "--release", namespace, "--pull", "off", "--yes"]
        argv += ["--set", "hub.image.tag=held"]
        env = {**os.environ, "KUBECONFIG": str(kubeconfig), "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            [sys.executable, "-m", "chart_py", *argv],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
            # Below `nohup` it would ignore one of them, as it should.
            preexec_fn=lambda: signal.signal(how, signal.SIG_DFL),
        ) as process:
            try:
                wait_until("it waits", lambda: any(asked.is_watch for asked in proxy.asked))
                process.send_signal(how)
                out, err = process.communicate(timeout=120)
            finally:
                process.kill()
    assert process.returncode == 130, out + err
    said = r"interrupted\n   All \d+ objects were written, and stay so\.\n   Revision 1 is recorded as failed\.\n"
    assert re.search(said, err)
    assert history(control_plane, namespace) == {1: "failed"}


def test_what_nohup_ignores_stays_ignored() -> None:
    code = """
import signal
from chart_py.__main__ import main
signal.signal(signal.SIGHUP, signal.SIG_IGN)
assert main(["--version"]) == 0
assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def test_interrupted_is_said_of_a_run_that_was_killed(
    run: Run, control_plane: ControlPlane, config: Path, namespace: str, tmp_path: Path
) -> None:
    with FaultProxy(control_plane) as proxy:
        env = {**os.environ, "KUBECONFIG": str(proxy.kubeconfig(tmp_path)), "PYTHONPATH": str(ROOT)}
        argv = [sys.executable, "-m", "chart_py", "apply", "-f", str(config), "--yes"]
        argv += ["-n", namespace, "--release", namespace, "--pull", "off"]
        process = subprocess.Popen(argv, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=env)

        def decide(asked: Asked) -> Fault | None:
            return Fault(then=process.kill) if asked.write == 5 else None

        proxy.decide = decide
        process.wait(timeout=60)
    assert json.loads(run("history", "-n", namespace, "-o", "json").out)[0]["status"] == "interrupted"
    assert "interrupted" in run("status", "-n", namespace).out
    here = ("-n", namespace, "--release", namespace)
    finished = run("apply", "-f", config, *here, "--no-wait", "--pull", "off", "--yes")
    assert finished.code == 0, finished.err
    found = json.loads(run("history", "-n", namespace, "-o", "json").out)
    assert [(each["status"], each["description"]) for each in found] == [
        ("deployed", "Install complete after an interruption")
    ]
