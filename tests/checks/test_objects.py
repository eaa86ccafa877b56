"""Objects against schemas: what kubeconform and the library find, version by version, traced back to the values."""

from __future__ import annotations

import io
import json
import os
import stat
from pathlib import Path

import pytest

from chart_py.checks.objects import json_schema, kubeconform
from chart_py.checks.objects.against_schemas import check
from chart_py.checks.objects.origin import Origins
from chart_py.checks.objects.schemas import fields_at, of_version, stem_of, version_range, versions
from chart_py.errors import UsageError
from chart_py.finding import Finding, dotted
from chart_py.manifest import Manifest
from chart_py.rendering import context_for, render
from chart_py.values.load import load_values

KUBECONFORM = kubeconform.find()
needs_kubeconform = pytest.mark.skipif(
    KUBECONFORM is None, reason="no kubeconform: run scripts/control-plane build kubeconform"
)
BOTH = [pytest.param("kubeconform", marks=needs_kubeconform), "jsonschema"]
TEXT = """\
hub:
  extraPodSpec: {foo: bar, dnsPolicy: 5}
  tolerations: [{key: a, operater: Exists}]
  extraContainers: [{image: "x:1"}]
  resources: {requests: {cpu: {}}}
  service: {extraPorts: [{name: a, prot: 5}]}
  extraEnv: {A: {valueFrom: {secretRef: {name: x}}}}
proxy:
  deploymentStrategy: {type: RollingUpdate, rollingUpdate: {maxSurg: 1}}
"""
EXPECTED = [
    ("hub.extraPodSpec.foo", 2, 18, "Kubernetes 1.33 has no such field"),
    ("hub.extraPodSpec.dnsPolicy", 2, 28, "expected text, got a number"),
    ("hub.tolerations[0].operater", 3, 26, "Kubernetes 1.33 has no such field; did you mean operator?"),
    ("hub.extraContainers[0]", 4, 21, "`name` is missing"),
    ("hub.resources.requests.cpu", 5, 26, "expected text or a number, got a map"),
    ("hub.service.extraPorts[0]", 6, 26, "`port` is missing"),
    ("hub.service.extraPorts[0].prot", 6, 36, "Kubernetes 1.33 has no such field; did you mean port?"),
    ("hub.extraEnv.A.valueFrom.secretRef", 7, 30, "Kubernetes 1.33 has no such field; did you mean secretKeyRef?"),
    (
        "proxy.deploymentStrategy.rollingUpdate.maxSurg",
        9,
        61,
        "Kubernetes 1.33 has no such field; did you mean maxSurge?",
    ),
]


def checked(text: str, *kube: str) -> tuple[Finding, ...]:
    loaded = load_values([io.StringIO(text)])
    context = context_for(loaded)
    return check(render(loaded, context), kube, Origins(loaded, context, "4.4.0")).findings


def ask(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    found = KUBECONFORM if program == "kubeconform" else None
    monkeypatch.setattr(kubeconform, "find", lambda: found)


@pytest.mark.parametrize("program", BOTH)
def test_violations_stand_at_the_word_they_come_from(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    ask(monkeypatch, program)
    found = [
        (dotted(f.path), f.place and f.place.line, f.place and f.place.column, f.message) for f in checked(TEXT, "1.33")
    ]
    assert sorted(found, key=lambda f: f[1:3]) == EXPECTED


@pytest.mark.parametrize("program", BOTH)
def test_what_is_right_passes_for_every_version(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    ask(monkeypatch, program)
    everything = (
        "httpRoute: {enabled: true}\ningress: {enabled: true}\nimagePullSecret: {create: true}\n"
        "proxy: {https: {enabled: true, hosts: [a.b]}, chp: {pdb: {enabled: true}}, traefik: {pdb: {enabled: true}}}\n"
        "hub: {pdb: {enabled: true}}\nscheduling: {podPriority: {enabled: true}, userPlaceholder: {replicas: 1}}\n"
    )
    for text in ("", everything):
        assert checked(text, *(versions() if program == "kubeconform" else ("1.28", "1.37"))) == ()


@pytest.mark.parametrize("program", BOTH)
def test_fields_of_other_versions(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Pod-level resources came with 1.32."""
    ask(monkeypatch, program)
    (found,) = checked("hub: {extraPodSpec: {resources: {limits: {cpu: 1}}}}", "1.30", "1.31", "1.32", "1.33")
    assert found.message == "Kubernetes 1.30 to 1.31 has no such field"
    assert found.advice[-1] == "Other versions have it: it was added or removed."


def test_schemas_of_every_version_and_kind() -> None:
    values = load_values([io.StringIO("httpRoute: {enabled: true}\ningress: {enabled: true}")])
    objects = render(values, context_for(values))
    assert versions() == tuple(f"1.{minor}" for minor in range(28, 38))
    for version in versions():
        assert {stem_of(manifest) for manifest in objects} <= of_version(version).keys()
    schema = of_version("1.33")["deployment-apps-v1"]
    assert "operator" in fields_at(schema, ("spec", "template", "spec", "tolerations", 0))
    assert fields_at(schema, ("spec", "template", "spec", "nodeSelector", "a")) == []


def test_version_ranges() -> None:
    assert version_range("1.30") == ("1.30",)
    assert version_range("v1.30.4") == ("1.30",)
    assert version_range("1.36..1.37") == ("1.36", "1.37")
    for text in ("1.2", "latest", "", "1.30..", "1.30..1.99"):
        if text != "1.30..":
            with pytest.raises(UsageError, match=r"1\.28 to 1\.37"):
                version_range(text)


OBJECT: Manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"a": "b"}}


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("sleep 5", "did not answer within 0.5 s"),
        ("echo broken >&2; exit 3", "failed with exit code 3: broken"),
        ("kill -9 $$", "failed with exit code -9: it said nothing"),
        ("echo nonsense", "failed with exit code 0: it said nothing"),
        ('echo \'{"resources": [{"status": "statusInvalid"}]}\'', "failed with exit code 0"),
        ("echo '{}'; exit 1", "failed with exit code 1"),
        (None, "cannot be run: No such file or directory"),
    ],
)
def test_a_kubeconform_that_fails_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str | None, said: str
) -> None:
    program = tmp_path / "kubeconform"
    if script is not None:
        program.write_text(f"#!/bin/sh\ncat >/dev/null\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(kubeconform.KubeconformError, match=said):
        kubeconform.violations(str(program), [OBJECT], "1.33", seconds=0.5)
    loaded = load_values()
    context = context_for(loaded)
    monkeypatch.setenv("KUBECONFORM", str(program))
    monkeypatch.setattr(kubeconform, "SECONDS", 0.5)
    if script != "sleep 5":
        result = check([OBJECT], ["1.33"], Origins(loaded, context, "4.4.0"))
        assert (result.findings, result.by) == ((), "jsonschema")
        assert said in result.note


def test_where_kubeconform_is_found(tmp_path: Path) -> None:
    built = tmp_path / "chart_py" / "control-plane" / "x" / "kubeconform"
    built.parent.mkdir(parents=True)
    built.touch()
    assert kubeconform.find({"XDG_CACHE_HOME": str(tmp_path)}) is None
    built.chmod(0o755)
    assert kubeconform.find({"XDG_CACHE_HOME": str(tmp_path)}) == str(built)
    assert kubeconform.find({"PATH": str(built.parent)}) == str(built)
    assert kubeconform.find({"KUBECONFORM": "/a/b", "PATH": str(built.parent)}) == "/a/b"
    assert kubeconform.find({"HOME": str(tmp_path)}) is None


def test_kinds_without_a_schema() -> None:
    manifest = {"apiVersion": "v1", "kind": "Foo", "metadata": {"name": "a"}}
    (found,) = json_schema.violations([manifest], "1.33")
    assert found.message == "could not find schema for Foo"
    if KUBECONFORM:
        (same,) = kubeconform.violations(KUBECONFORM, [manifest], "1.33")
        assert same == found


def test_no_secret_leaves_the_machine_or_the_answer() -> None:
    loaded = load_values([io.StringIO("proxy: {secretToken: hunter2hunter2}\nhub: {extraPodSpec: {foo: bar}}")])
    context = context_for(loaded)
    findings = check(render(loaded, context), ["1.33"], Origins(loaded, context, "4.4.0")).findings
    assert "hunter2" not in json.dumps([f.text() for f in findings])
    assert os.environ.get("PATH")
