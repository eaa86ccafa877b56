"""The order of what is applied and deleted."""

from __future__ import annotations

import pytest

from chart_py.changes.change import Change, Operation
from chart_py.changes.waves import to_apply, to_delete
from chart_py.manifest.kinds import INSTALLED, Wave, wave_of
from tests.changes.objects import config_map, deployment


@pytest.mark.parametrize(
    ("wave", "kinds"),
    [
        (Wave.FOUNDATIONS, ("Namespace", "PriorityClass", "StorageClass", "CustomResourceDefinition")),
        (Wave.SETTINGS, ("ServiceAccount", "Role", "ClusterRoleBinding", "ConfigMap", "Secret", "Service")),
        (Wave.SETTINGS, ("PersistentVolumeClaim", "NetworkPolicy", "PodDisruptionBudget")),
        (Wave.WORKLOADS, ("Deployment", "DaemonSet", "StatefulSet", "Job")),
        (Wave.ROUTES, ("Ingress", "HTTPRoute", "APIService", "Certificate")),
    ],
)
def test_each_kind_has_its_wave(wave: Wave, kinds: tuple[str, ...]) -> None:
    assert {kind: wave_of(kind) for kind in kinds} == dict.fromkeys(kinds, wave)


def test_every_known_kind_comes_before_the_routes() -> None:
    late = {kind.name for kind in INSTALLED if kind.wave is Wave.ROUTES}
    assert late == {"Ingress", "APIService"}


def test_deletions_come_in_reverse() -> None:
    changes = [Change(Operation.DELETE, live=config_map()), Change(Operation.DELETE, live=deployment())]
    kept = Change(Operation.KEEP, live=config_map("kept"))
    assert to_delete([*changes, kept]) == [[changes[1]], [changes[0]]]
    assert to_apply([*changes, kept], Wave.SETTINGS) == []
