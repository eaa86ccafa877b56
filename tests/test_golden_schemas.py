"""Every golden file is what Kubernetes' own schemas allow, field by field: kubeconform says so, in strict mode."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chart_py import to_documents
from chart_py.checks.objects import kubeconform, schemas
from chart_py.manifest.documents import from_documents
from tests.control_plane.fixtures import need
from tests.control_plane.versions import KUBERNETES

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.yaml"))
# The oldest and the newest Kubernetes that chart_py speaks to, and the one of the tests' control plane.
VERSIONS = (schemas.versions()[0], KUBERNETES.removeprefix("v").rpartition(".")[0], schemas.LATEST)


@pytest.fixture(scope="module")
def binary() -> str:
    """kubeconform; where it is nowhere, the tests are skipped, and in CI they fail."""
    found = kubeconform.find()
    if found is None:
        need(["kubeconform"])
    assert found is not None
    return found


@pytest.fixture(scope="module", params=VERSIONS)
def folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """The schemas of one Kubernetes version."""
    with schemas.folder(request.param) as made:
        yield made


def checked(binary: str, folder: Path, *files: Path) -> dict[str, Any]:
    """What kubeconform says of some files."""
    where = f"{folder}/{{{{ .ResourceKind }}}}{{{{ .KindSuffix }}}}.json"
    command = [binary, "-strict", "-summary", "-output", "json", "-schema-location", where, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.stdout, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_every_object_of_every_golden_file_is_valid(binary: str, folder: Path) -> None:
    said = checked(binary, folder, *GOLDEN)
    assert said.get("resources", []) == []
    # None is skipped: the kinds are all Kubernetes' own. HTTPRoute, the one kind that is a CRD, is in no golden file.
    objects = sum(len(from_documents(file.read_text(encoding="utf-8"))) for file in GOLDEN)
    assert said["summary"] == {"valid": objects, "invalid": 0, "errors": 0, "skipped": 0}
    assert objects > 20 * len(GOLDEN)


def test_a_field_that_kubernetes_does_not_know_is_found(binary: str, folder: Path, tmp_path: Path) -> None:
    """The check above can fail: two wrong fields put into one golden file are reported with their places."""
    manifests = from_documents(GOLDEN[0].read_text(encoding="utf-8"))
    (hub,) = (o for o in manifests if (o["kind"], o["metadata"]["name"]) == ("Deployment", "hub"))
    hub["spec"]["template"]["spec"]["hostNetwrok"] = True
    hub["spec"]["replicas"] = "1"
    file = tmp_path / "changed.yaml"
    file.write_text(to_documents(manifests), encoding="utf-8")
    said = checked(binary, folder, file)
    (wrong,) = said["resources"]
    assert (wrong["kind"], wrong["name"], wrong["status"]) == ("Deployment", "hub", "statusInvalid")
    assert "at '/spec/replicas': got string" in wrong["msg"]
    assert "at '/spec/template/spec': additional properties 'hostNetwrok' not allowed" in wrong["msg"]
    assert said["summary"]["invalid"] == 1
