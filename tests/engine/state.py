"""Owns what a namespace holds, in a form in which two of them can be compared.

Leases are left out: the one of a run that was killed lapses by itself.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from chart_py.changes.content import content
from chart_py.manifest.difference import differences as field_differences
from chart_py.manifest.difference import spelled
from tests.control_plane import ControlPlane

Json = dict[str, Any]

_KINDS = {
    "apps/v1": ("daemonsets", "deployments", "statefulsets"),
    "batch/v1": ("jobs",),
    "networking.k8s.io/v1": ("ingresses", "networkpolicies"),
    "policy/v1": ("poddisruptionbudgets",),
    "rbac.authorization.k8s.io/v1": ("roles", "rolebindings"),
    "v1": ("configmaps", "persistentvolumeclaims", "secrets", "serviceaccounts", "services"),
}
_KIND = {"secrets": "Secret"} | {
    plural: plural for plurals in _KINDS.values() for plural in plurals if plural != "secrets"
}
_WIDE = {
    "rbac.authorization.k8s.io/v1": ("clusterroles", "clusterrolebindings"),
    "scheduling.k8s.io/v1": ("priorityclasses",),
}
# What the cluster itself puts into each namespace.
_NATIVE = frozenset({"configmaps/kube-root-ca.crt", "serviceaccounts/default"})
_BINDING = ("pv.kubernetes.io/", "volume.")
_GIVEN = ("clusterIP", "clusterIPs", "volumeName", "healthCheckNodePort", "nodePort")


def objects(plane: ControlPlane, namespace: str) -> dict[str, Json]:
    """The objects in a namespace by `plural/name`, without what the cluster gave them and without its name."""
    found: dict[str, Json] = {}
    for version, plurals in _KINDS.items():
        root = f"/api/{version}" if version == "v1" else f"/apis/{version}"
        for plural in plurals:
            for each in plane.api.json("GET", f"{root}/namespaces/{namespace}/{plural}")["items"]:
                name = f"{plural}/{each['metadata']['name']}"
                if name not in _NATIVE and each.get("type") != "helm.sh/release.v1":
                    found[name] = _plain({"apiVersion": version, "kind": _KIND[plural], **each}, namespace)
    return found


def cluster_wide(plane: ControlPlane, release: str) -> dict[str, str]:
    """The cluster-wide objects of a release of a hub, as `plural/name`, each with its path."""
    found: dict[str, str] = {}
    for version, plurals in _WIDE.items():
        for plural in plurals:
            path = f"/apis/{version}/{plural}"
            for each in plane.api.json("GET", f"{path}?labelSelector=release%3D{release}")["items"]:
                found[f"{plural}/{each['metadata']['name']}"] = f"{path}/{each['metadata']['name']}"
    return found


def remove_cluster_wide(plane: ControlPlane, release: str) -> None:
    """Throw away what a release of a hub has outside of its namespace."""
    for path in cluster_wide(plane, release).values():
        plane.api.json("DELETE", path)


def history(plane: ControlPlane, namespace: str) -> dict[int, str]:
    """The status of each revision in a namespace, by its labels."""
    path = f"/api/v1/namespaces/{namespace}/secrets?labelSelector=owner%3Dhelm"
    labels = [each["metadata"]["labels"] for each in plane.api.json("GET", path)["items"]]
    return {int(each["version"]): each["status"] for each in labels}


def differences(one: dict[str, Json], other: dict[str, Json]) -> list[str]:
    """Where two namespaces differ: object and field, with both values."""
    names = sorted({*one, *other})
    changes = {name: field_differences(one.get(name, {}), other.get(name, {})) for name in names}
    return [f"{name} {spelled(c.path)}: {c.before} / {c.after}" for name in names for c in changes[name]]


def _plain(manifest: Json, namespace: str) -> Json:
    kept = content(manifest)
    spec = {key: value for key, value in kept.get("spec", {}).items() if key not in _GIVEN}
    for port in spec.get("ports") or []:
        port.pop("nodePort", None)
    notes = {k: v for k, v in kept["metadata"].get("annotations", {}).items() if not k.startswith(_BINDING)}
    kept["metadata"] = {k: v for k, v in kept["metadata"].items() if k != "finalizers"} | {"annotations": notes}
    if spec:
        kept["spec"] = spec
    if manifest["kind"] == "Secret":
        kept["data"] = {key: base64.b64decode(value).decode() for key, value in kept.get("data", {}).items()}
    text = json.dumps(kept, sort_keys=True).replace(namespace, "NAMESPACE")
    # A checksum is of something that names the namespace, and that is compared itself.
    text = re.sub(r'"(checksum[^"]*)": "[^"]*"', r'"\1": "CHECKSUM"', text)
    plain: Json = json.loads(text)
    return plain
