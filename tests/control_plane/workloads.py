"""Owns the smallest objects of each kind that the tests of the control plane put into it."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def pod_spec(image: str = "example/web:1", **more: Any) -> Json:
    """Return the spec of a pod with one container, `web`; `more` are further fields of the spec."""
    return {"containers": [{"name": "web", "image": image}], **more}


def pod(name: str, **spec: Any) -> Json:
    """Return a Pod; `spec` as in `pod_spec`."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": pod_spec(**spec)}


def deployment(name: str, replicas: int = 1, **spec: Any) -> Json:
    """Return a Deployment of such pods, labelled app=`name`."""
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": pod_spec(**spec)}
    body = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": body}


def service(name: str) -> Json:
    """Return the Service of a Deployment `name`."""
    spec = {"selector": {"app": name}, "ports": [{"port": 80}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def job(name: str) -> Json:
    """Return a Job of one such pod."""
    template = {"spec": pod_spec(restartPolicy="Never")}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {"template": template}}


def claim(name: str, **more: Any) -> Json:
    """Return a PersistentVolumeClaim of one GiB; `more` are further fields of its spec."""
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **more}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


def config_map(name: str, **data: str) -> Json:
    """Return a ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def role_binding(
    name: str, role: str, subject: Json, kind: str = "RoleBinding", role_kind: str = "ClusterRole"
) -> Json:
    """Return a binding of a ClusterRole, or a Role, to a subject."""
    group = "rbac.authorization.k8s.io"
    return {
        "apiVersion": f"{group}/v1",
        "kind": kind,
        "metadata": {"name": name},
        "roleRef": {"apiGroup": group, "kind": role_kind, "name": role},
        "subjects": [subject],
    }


def is_ready(live: Json) -> bool:
    """Say whether a live Pod runs and is ready."""
    conditions = {each["type"]: each["status"] for each in live["status"].get("conditions", [])}
    return conditions.get("Ready") == "True" and live["status"]["phase"] == "Running"


def waiting(live: Json, listed: str = "containerStatuses") -> list[str]:
    """Return why each container of a live Pod waits, "" where one does not."""
    return [each["state"].get("waiting", {}).get("reason", "") for each in live["status"].get(listed, [])]


def is_backed_off(live: Json) -> bool:
    """Say whether a container of a live Pod is in one of the two back-offs."""
    reasons = waiting(live) + waiting(live, "initContainerStatuses")
    return any(reason.endswith("BackOff") for reason in reasons)
