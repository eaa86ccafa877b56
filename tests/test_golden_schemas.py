"""Every golden file is what Kubernetes' own schemas allow, field by field: kubeconform says so, in strict mode."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_py import to_documents
from tests import schemas
from tests.control_plane.binaries import path
from tests.control_plane.fixtures import need

GOLDEN = Path(__file__).parent / "golden"
# The oldest and the newest Kubernetes that chart_py speaks to, and the one of the tests' control plane.
VERSIONS = ("1.28", "1.33", "1.37")


@pytest.fixture(scope="module")
def binary() -> str:
    """kubeconform: $KUBECONFORM, else on the PATH, else where `scripts/control-plane build` puts it."""
    if found := os.environ.get("KUBECONFORM") or shutil.which("kubeconform"):
        return found
    need(["kubeconform"])
    return str(path("kubeconform"))


@pytest.fixture(scope="module", params=VERSIONS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schemas of one Kubernetes version, of all kinds in the golden files."""
    pytest.importorskip("kubernetes_validate", reason="the extra `test` has it: scripts/test installs it")
    folder = tmp_path_factory.mktemp(f"schemas-{request.param}")
    kinds = {(o["apiVersion"], o["kind"]) for file in GOLDEN.glob("*.yaml") for o in documents(file)}
    schemas.write(folder, kinds, request.param)
    return folder


def documents(file: Path) -> list[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return list(yaml.load_all(file.read_text(encoding="utf-8"), Loader=loader))


def checked(binary: str, folder: Path, *files: Path) -> dict[str, Any]:
    """What kubeconform says of some files."""
    where = f"{folder}/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json"
    command = [binary, "-strict", "-summary", "-output", "json", "-schema-location", where, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.stdout, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_every_object_of_every_golden_file_is_valid(binary: str, folder: Path) -> None:
    files = sorted(GOLDEN.glob("*.yaml"))
    said = checked(binary, folder, *files)
    assert said.get("resources", []) == []
    # None is skipped: the kinds are all Kubernetes' own. HTTPRoute is a CRD; no example has one, so none is here.
    objects = sum(len(documents(file)) for file in files)
    assert said["summary"] == {"valid": objects, "invalid": 0, "errors": 0, "skipped": 0}
    assert objects > 20 * len(files)


def test_a_field_that_kubernetes_does_not_know_is_found(binary: str, folder: Path, tmp_path: Path) -> None:
    """The check above can fail: one word put into one golden file is reported with its place."""
    manifests = documents(GOLDEN / "minimal.yaml")
    (hub,) = (o for o in manifests if (o["kind"], o["metadata"]["name"]) == ("Deployment", "hub"))
    hub["spec"]["template"]["spec"]["hostNetwrok"] = True
    hub["spec"]["replicas"] = "1"
    file = tmp_path / "minimal.yaml"
    file.write_text(to_documents(manifests), encoding="utf-8")
    said = checked(binary, folder, file)
    (wrong,) = said["resources"]
    assert (wrong["kind"], wrong["name"], wrong["status"]) == ("Deployment", "hub", "statusInvalid")
    assert "at '/spec/replicas': got string" in wrong["msg"]
    assert "at '/spec/template/spec': additional properties 'hostNetwrok' not allowed" in wrong["msg"]
    assert said["summary"]["invalid"] == 1
