"""What a configuration writes for users' pods is checked as Kubernetes will, long before a user starts a server."""

from __future__ import annotations

import io

import pytest

from chart_py.checks.everything import validate
from chart_py.checks.objects import kubeconform

# Each with a mark before the word that is meant.
CASES = {
    "singleuser: {extraPodConfig: {@priorityClass: high}}": "no such field; did you mean priorityClassName?",
    "singleuser: {extraPodConfig: {@host_network: 'yes'}}": "expected true or false, got text",
    "singleuser: {extraContainers: [@{image: 'c:1'}]}": "`name` is missing",
    "singleuser: {initContainers: [{name: a, image: 'b:1', @volumemounts: []}]}": "did you mean volumeMounts?",
    "singleuser: {lifecycleHooks: {postStart: {exec: {@comand: [a]}}}}": "did you mean command?",
    "singleuser: {storage: {extraVolumes: [{name: o, nfs: {server: a, path: b, @redonly: true}}]}}": "mean readOnly?",
    "singleuser: {storage: {extraVolumeMounts: [{name: a, mountPath: /x, @readonly: true}]}}": "mean readOnly?",
    "hub: {config: {KubeSpawner: {extra_container_config: {@imagePullPolcy: Always}}}}": "imagePullPolicy?",
    "hub: {config: {KubeSpawner: {volumes: {a: {name: a, @configmap: {name: b}}}}}}": "did you mean configMap?",
}


@pytest.mark.parametrize("text", CASES)
@pytest.mark.parametrize("program", ["kubeconform", "jsonschema"])
def test_found_at_its_word(monkeypatch: pytest.MonkeyPatch, program: str, text: str) -> None:
    if program == "jsonschema":
        monkeypatch.setattr(kubeconform, "find", lambda: None)
    elif kubeconform.find() is None:
        pytest.skip("there is no kubeconform (scripts/control-plane build kubeconform)")
    result = validate([io.StringIO(text.replace("@", ""))])
    (found,) = [finding for finding in result.findings if finding.code == "schema"]
    assert CASES[text] in found.message
    assert found.place is not None
    assert found.place.column == text.index("@") + 1, found.text()
    assert "in the pod of a user's server." in found.advice[0]
    assert result.objects == 30


@pytest.mark.parametrize(
    "text",
    [
        "singleuser: {extraPodConfig: {priority_class_name: high, dnsPolicy: null}}",
        "singleuser: {storage: {extraVolumes: [{name: a, persistent_volume_claim: {claim_name: 'x-{username}'}}]}}",
        "singleuser: {storage: {extraVolumes: [{name: a, emptyDir: {}}],"
        " extraVolumeMounts: [{name: a, mount_path: /x, subPath: '{username}'}]}}",
        "singleuser: {lifecycleHooks: {postStart: {exec: {command: [a]}}, preStop: null}}",
        "hub: {config: {KubeSpawner: {init_containers: null, extra_pod_config: {tolerations: []}}}}",
    ],
)
def test_what_kubespawner_takes_is_right(text: str) -> None:
    assert [finding.text() for finding in validate([io.StringIO(text)]).findings] == []


def test_one_word_in_several_objects_is_said_once() -> None:
    result = validate([io.StringIO("singleuser: {extraTolerations: [{effect: NoSchedule, operater: Exists}]}")])
    (found,) = result.findings
    assert found.advice[0].endswith(", and the like in 3 other objects.")
