"""Owns the pod and the claim of the user wash in the small release when nobody changed its values."""

from __future__ import annotations

from typing import Any

import yaml

from tests.hub_files.small_release import ABSENT

LABELS = {
    "app": "jupyterhub",
    "app.kubernetes.io/component": "singleuser-server",
    "app.kubernetes.io/instance": "lab",
    "app.kubernetes.io/managed-by": "kubespawner",
    "app.kubernetes.io/name": "jupyterhub",
    "chart": "jupyterhub-4.4.0_dirty",
    "helm.sh/chart": "jupyterhub-4.4.0_dirty",
    "hub.jupyter.org/username": "wash",
    "release": "lab",
}
ANNOTATIONS = {
    "hub.jupyter.org/jupyterhub-version": "5.5.0",
    "hub.jupyter.org/kubespawner-version": "7.0.0",
    "hub.jupyter.org/username": "wash",
}
ENVIRONMENT: dict[str, str] = yaml.safe_load("""
JPY_API_TOKEN: token-of-the-server
JUPYTERHUB_ACTIVITY_URL: http://hub:8081/hub/api/users/wash/activity
JUPYTERHUB_API_TOKEN: token-of-the-server
JUPYTERHUB_API_URL: http://hub:8081/hub/api
JUPYTERHUB_BASE_URL: /
JUPYTERHUB_CLIENT_ID: jupyterhub-user-wash
JUPYTERHUB_COOKIE_HOST_PREFIX_ENABLED: "0"
JUPYTERHUB_HOST: ""
JUPYTERHUB_OAUTH_ACCESS_SCOPES: '["access:servers!server=wash/", "access:servers!user=wash"]'
JUPYTERHUB_OAUTH_CALLBACK_URL: /user/wash/oauth_callback
JUPYTERHUB_OAUTH_CLIENT_ALLOWED_SCOPES: "[]"
JUPYTERHUB_OAUTH_SCOPES: '["access:servers!server=wash/", "access:servers!user=wash"]'
JUPYTERHUB_PUBLIC_HUB_URL: ""
JUPYTERHUB_PUBLIC_URL: ""
JUPYTERHUB_SERVER_NAME: ""
JUPYTERHUB_SERVICE_URL: http://0.0.0.0:8888/
JUPYTERHUB_USER: wash
JUPYTER_IMAGE: example/notebook:16.10
JUPYTER_IMAGE_SPEC: example/notebook:16.10
MEM_GUARANTEE: "1073741824"
""")
BLOCK: dict[str, Any] = yaml.safe_load("""
name: block-cloud-metadata
image: example/tools:7
command: [iptables, --append, OUTPUT, --protocol, tcp, --destination, 169.254.169.254, --destination-port, "80",
  --jump, DROP]
resources: {}
securityContext: {privileged: true, runAsUser: 0, capabilities: {add: [NET_ADMIN]}}
""")
USER_NODES = {"matchExpressions": [{"key": "hub.jupyter.org/node-purpose", "operator": "In", "values": ["user"]}]}
TOLERATION = {"key": "for", "operator": "Equal", "value": "user", "effect": "NoSchedule"}


def environment(**changes: Any) -> list[dict[str, Any]]:
    """The variables of the notebook's container, by name as KubeSpawner sorts them; ABSENT takes one away."""
    both = {name: value for name, value in {**ENVIRONMENT, **changes}.items() if value is not ABSENT}
    return [
        {"name": name, **(value if isinstance(value, dict) else {"value": value})}
        for name, value in sorted(both.items())
    ]


POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {
        "name": "jupyter-wash",
        "annotations": ANNOTATIONS,
        "labels": {
            **LABELS,
            "component": "singleuser-server",
            "hub.jupyter.org/network-access-hub": "true",
            "hub.jupyter.org/servername": "",
        },
    },
    "spec": {
        "affinity": {
            "nodeAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "preference": USER_NODES}]
            }
        },
        "automountServiceAccountToken": False,
        "containers": [
            {
                "name": "notebook",
                "image": "example/notebook:16.10",
                "args": ["jupyterhub-singleuser"],
                "env": environment(),
                "lifecycle": {},
                "ports": [{"name": "notebook-port", "containerPort": 8888}],
                "resources": {"limits": {}, "requests": {"memory": 1073741824}},
                "securityContext": {"runAsUser": 1000, "allowPrivilegeEscalation": False},
                "volumeMounts": [{"name": "volume-wash", "mountPath": "/home/jovyan"}],
            }
        ],
        "imagePullSecrets": [],
        "initContainers": [BLOCK],
        "restartPolicy": "OnFailure",
        "schedulerName": "lab-user-scheduler",
        "securityContext": {"fsGroup": 100},
        "tolerations": [TOLERATION],
        "volumes": [{"name": "volume-wash", "persistentVolumeClaim": {"claimName": "claim-wash"}}],
    },
}
CLAIM: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "PersistentVolumeClaim",
    "metadata": {
        "name": "claim-wash",
        "annotations": ANNOTATIONS,
        "labels": {**LABELS, "component": "singleuser-storage"},
    },
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}},
}
