"""Where users' files lie: home, extra files and extra volumes, as volumes and mounts of the pod and as its claim."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hub_files import small_release
from tests.hub_files.mounted_hub import mounted
from tests.hub_files.plain_server import CLAIM
from tests.hub_files.small_release import ABSENT, VARIABLES, changed

pytestmark = pytest.mark.usefixtures("hub_software")

STORAGE_CLASS = "volume.beta.kubernetes.io/storage-class"  # KubeSpawner says it in the old way too
HOME = ({"name": "volume-wash", "persistentVolumeClaim": {"claimName": "claim-wash"}},)
HOME_MOUNT = ({"name": "volume-wash", "mountPath": "/home/jovyan"},)


def storage(folder: Path, values: dict[str, Any], **files: Any) -> tuple[Any, Any, Any]:
    """Volumes and mounts of the pod, each by name and path, and the claim."""
    with mounted(folder, small_release.files({"singleuser": values}, **files), VARIABLES) as hub:
        made = hub.server("wash")
    pod = made.pod["spec"]
    return pod["volumes"], pod["containers"][0]["volumeMounts"], made.claim


@pytest.mark.parametrize(
    ("words", "volumes", "mounts", "claim"),
    [
        ({}, HOME, HOME_MOUNT, CLAIM),
        (
            {
                "capacity": "2Gi",
                "homeMountPath": "/home",
                "extraLabels": {"backup": "yes"},
                "dynamic": {
                    "storageClass": "ssd",
                    "pvcNameTemplate": "files-{username}",
                    "volumeNameTemplate": "home-{username}",
                    "storageAccessModes": ["ReadWriteMany"],
                    "subPath": "in/{username}",
                },
            },
            [{"name": "home-wash", "persistentVolumeClaim": {"claimName": "files-wash"}}],
            [{"name": "home-wash", "mountPath": "/home", "subPath": "in/wash"}],
            changed(
                CLAIM,
                {
                    "metadata": {
                        "name": "files-wash",
                        "labels": {"backup": "yes"},
                        "annotations": {STORAGE_CLASS: "ssd"},
                    },
                    "spec": {
                        "accessModes": ["ReadWriteMany"],
                        "storageClassName": "ssd",
                        "resources": {"requests": {"storage": "2Gi"}},
                    },
                },
            ),
        ),
        (
            {"dynamic": {"storageClass": ""}},
            HOME,
            HOME_MOUNT,
            changed(CLAIM, {"metadata": {"annotations": {STORAGE_CLASS: ""}}, "spec": {"storageClassName": ""}}),
        ),
        (
            {"dynamic": dict.fromkeys(("pvcNameTemplate", "volumeNameTemplate", "storageAccessModes", "subPath"))},
            HOME,
            HOME_MOUNT,
            CLAIM,
        ),
        (
            {"type": "static", "static": {"pvcName": "nfs"}},
            [{"name": "home", "persistentVolumeClaim": {"claimName": "nfs"}}],
            [{"name": "home", "mountPath": "/home/jovyan", "subPath": "wash"}],
            None,
        ),
        (
            {"type": "static", "static": {"pvcName": "nfs", "subPath": None}},
            [{"name": "home", "persistentVolumeClaim": {"claimName": "nfs"}}],
            [{"name": "home", "mountPath": "/home/jovyan"}],
            None,
        ),
        (
            {"dynamic": {"subPath": ""}},
            HOME,
            [{"name": "volume-wash", "mountPath": "/home/jovyan", "subPath": ""}],
            CLAIM,
        ),
        ({"type": "none"}, [], [], None),
        ({"type": ABSENT}, [], [], None),
        (
            {
                "extraVolumes": [{"name": "b", "emptyDir": {}}, {"name": "a", "hostPath": {"path": "/{username}"}}],
                "extraVolumeMounts": [
                    {"name": "b", "mountPath": "/b"},
                    {"name": "b", "mountPath": "/{username}", "readOnly": True},
                ],
            },
            [{"name": "a", "hostPath": {"path": "/wash"}}, {"name": "b", "emptyDir": {}}, *HOME],
            [
                {"name": "b", "mountPath": "/b"},
                {"name": "b", "mountPath": "/wash", "readOnly": True},
                *HOME_MOUNT,
            ],
            CLAIM,
        ),
        (
            {
                "extraVolumes": {"2": {"name": "b", "emptyDir": {}}, "1": {"name": "a", "emptyDir": {}}, "0": None},
                "extraVolumeMounts": {"z": {"name": "a", "mountPath": "/a"}, "0": None},
            },
            [{"name": "a", "emptyDir": {}}, {"name": "b", "emptyDir": {}}, *HOME],
            [*HOME_MOUNT, {"name": "a", "mountPath": "/a"}],
            CLAIM,
        ),
        (
            {
                "type": "static",
                "static": {"pvcName": "nfs"},
                "extraVolumes": {"home": {"name": "home", "emptyDir": {}}},
            },
            [{"name": "home", "emptyDir": {}}],
            [{"name": "home", "mountPath": "/home/jovyan", "subPath": "wash"}],
            None,
        ),
        ({"extraVolumes": [], "extraVolumeMounts": {}}, HOME, HOME_MOUNT, CLAIM),
    ],
)
def test_storage(
    tmp_path: Path, words: dict[str, Any], volumes: list[Any], mounts: list[Any], claim: dict[str, Any] | None
) -> None:
    assert storage(tmp_path, {"storage": words}) == (list(volumes), list(mounts), claim)


def test_files_come_through_the_secret_with_their_modes(tmp_path: Path) -> None:
    files = {
        "settings.json": {"mountPath": "/etc/settings.json", "data": {"a": 1}, "mode": 0o440},
        "motd": {"mountPath": "/etc/motd", "stringData": "hi", "mode": None},
        "gone": None,
        "run": {"mountPath": "/opt/run", "binaryData": "aGk=", "mode": 0},
    }
    values = {"extraFiles": files, "storage": {"type": "none"}}
    volumes, mounts, claim = storage(tmp_path, values, names={"singleuser": "campus-singleuser"})
    assert claim is None
    assert volumes == [
        {
            "name": "files",
            "secret": {
                "secretName": "campus-singleuser",
                "items": [
                    {"key": "settings.json", "path": "settings.json", "mode": 0o440},
                    {"key": "motd", "path": "motd"},
                    {"key": "run", "path": "run", "mode": 0},
                ],
            },
        }
    ]
    assert mounts == [
        {"name": "files", "mountPath": "/etc/settings.json", "subPath": "settings.json"},
        {"name": "files", "mountPath": "/etc/motd", "subPath": "motd"},
        {"name": "files", "mountPath": "/opt/run", "subPath": "run"},
    ]


def test_no_files_no_volume(tmp_path: Path) -> None:
    assert storage(tmp_path, {"extraFiles": None, "storage": {"type": "none"}}) == ([], [], None)
