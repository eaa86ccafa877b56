"""An example for every word: a value that differs from the default and that the checks accept."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from chart_py.finding import Path, dotted
from chart_py.values.base import Section
from chart_py.values.expectation import members
from chart_py.values.load import default_tree
from chart_py.values.unknown_setting import Field

_CONTAINER = {"name": "helper", "image": "busybox:1.36", "command": ["sh", "-c", "date"]}
_PORT = {"name": "ssh", "port": 22, "targetPort": "ssh"}
_TOLERATION = {"key": "team", "operator": "Equal", "value": "data", "effect": "NoSchedule"}
_QUANTITIES = {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}}
_FILE = {"motd": {"mountPath": "/etc/motd", "stringData": "welcome"}}
_PEM = "-----BEGIN {0}-----\n...\n-----END {0}-----\n"

_BY_WORD: dict[str, Any] = {
    "accessModes": ["ReadWriteMany"],
    "acmeServer": "https://acme-staging-v02.api.letsencrypt.org/directory",
    "allowedIngressPorts": [8081],
    "annotations": {"example.org/owner": "ops"},
    "appProtocol": "http",
    "args": ["jupyterhub", "--config", "/usr/local/etc/jupyterhub/jupyterhub_config.py"],
    "baseUrl": "/jupyter/",
    "cert": _PEM.format("CERTIFICATE"),
    "cmd": ["start.sh", "jupyterhub-singleuser"],
    "command": ["tini", "--"],
    "config": {"JupyterHub": {"authenticator_class": "github"}, "Authenticator": {"allowed_users": ["ada"]}},
    "contactEmail": "ops@example.org",
    "containerSecurityContext": {"readOnlyRootFilesystem": True},
    "cookieSecret": "0" * 64,
    "crt": "public.crt",
    "custom": {"team": "data"},
    "daemonsetAnnotations": {"example.org/owner": "ops"},
    "defaultTarget": "https://static.example.org",
    "defaultUrl": "/lab",
    "egress": [{"to": [{"ipBlock": {"cidr": "10.4.0.0/16"}}]}],
    "email": "robot@example.org",
    "errorTarget": "https://static.example.org/error",
    "existingSecret": "hub-secret",
    "externalIPs": ["198.51.100.4"],
    "extraAnnotations": {"example.org/owner": "ops"},
    "extraCommandLineFlags": ["--auto-rewrite"],
    "extraConfig": {"10-debug": "c.KubeSpawner.debug = True\n"},
    "extraContainers": [_CONTAINER],
    "extraDynamicConfig": {"http": {"middlewares": {"compression": {"compress": {}}}}},
    "extraEnv": {"EDITOR": "vim"},
    "extraFiles": _FILE,
    "extraImages": {"tools": {"name": "registry.example.org/tools", "tag": "v1"}},
    "extraInitContainers": [_CONTAINER],
    "extraLabels": {"example.org/team": "data"},
    "extraPaths": [
        {"path": "/static", "pathType": "Prefix", "backend": {"service": {"name": "static", "port": {"number": 80}}}}
    ],
    "extraPodConfig": {"dnsPolicy": "Default"},
    "extraPodSpec": {"dnsPolicy": "Default"},
    "extraPorts": [_PORT],
    "extraStaticConfig": {"log": {"level": "DEBUG"}},
    "extraTolerations": [_TOLERATION],
    "extraVolumeMounts": [{"name": "scratch", "mountPath": "/scratch"}],
    "extraVolumes": [{"name": "scratch", "emptyDir": {}}],
    "fullnameOverride": "campus",
    "guarantees": {"nvidia.com/gpu": 1},
    "homeMountPath": "/home/me",
    "hostnames": ["hub.example.org"],
    "hosts": ["hub.example.org"],
    "imagePullSecrets": ["registry"],
    "ingress": [{"from": [{"ipBlock": {"cidr": "192.0.2.0/24"}}]}],
    "ingressClassName": "nginx",
    "initContainers": [_CONTAINER],
    "ip": "169.254.169.253",
    "ipFamilies": ["IPv4"],
    "ipFamilyPolicy": "SingleStack",
    "key": _PEM.format("PRIVATE KEY"),
    "labels": {"example.org/team": "data"},
    "lifecycle": {"postStart": {"exec": {"command": ["date"]}}},
    "limits": {"nvidia.com/gpu": 1},
    "loadBalancerIP": "203.0.113.7",
    "loadBalancerSourceRanges": ["192.0.2.0/24"],
    "loadRoles": {"exporter": {"scopes": ["read:metrics"], "services": ["exporter"]}},
    "name": "my-name",
    "nameOverride": "notebooks",
    "namespace": "gateways",
    "nodePort": 30081,
    "nodeSelector": {"pool": "core"},
    "password": "...",
    "pathSuffix": "*",
    "pluginConfig": [{"name": "NodeResourcesFit", "args": {"scoringStrategy": {"type": "LeastAllocated"}}}],
    "plugins": {"score": {"enabled": [{"name": "NodeResourcesFit", "weight": 100}]}},
    "podNameTemplate": "server-{user_server}",
    "podSecurityContext": {"fsGroup": 2000},
    "postStart": {"exec": {"command": ["gitpuller", "https://github.com/data-8/textbook", "gh-pages", "textbook"]}},
    "preStop": {"exec": {"command": ["sync"]}},
    "profileList": [{"display_name": "Large", "kubespawner_override": {"mem_limit": "8G"}}],
    "pullSecrets": ["registry"],
    "pvcName": "homes",
    "pvcNameTemplate": "home-{user_server}",
    "registry": "registry.example.org",
    "resources": _QUANTITIES,
    "rollingUpdate": {"maxSurge": 1},
    "secretToken": "0" * 64,
    "sectionName": "https",
    "selector": {"matchLabels": {"disk": "hub"}},
    "serviceAccountName": "notebook",
    "services": {"exporter": {"url": "http://exporter:9000"}},
    "storage": "5Gi",
    "capacity": "20Gi",
    "storageAccessModes": ["ReadWriteMany"],
    "storageClass": "fast-ssd",
    "storageClassName": "fast-ssd",
    "subPath": "homes/{username}",
    "tag": "2026-11-02",
    "templatePaths": ["/srv/templates"],
    "templateVars": {"announcement": "Maintenance on Friday"},
    "tls": [{"hosts": ["hub.example.org"], "secretName": "hub-tls"}],
    "tolerations": [_TOLERATION],
    "type": "RollingUpdate",
    "url": "postgresql+psycopg2://hub@db.example.org:5432/hub",
    "username": "robot",
    "volumeNameTemplate": "home-{user_server}",
}
_BY_PATH: dict[str, Any] = {
    "proxy.https.secret.name": "example-tls",
    "proxy.https.secret.key": "private.key",
    "httpRoute.gateway.name": "public",
    "proxy.service.nodePorts.http": 30080,
    "proxy.service.nodePorts.https": 30443,
    "singleuser.memory.limit": "2G",
    "singleuser.memory.guarantee": "512M",
    "singleuser.cpu.limit": 2,
    "singleuser.cpu.guarantee": 0.5,
    "singleuser.extraNodeAffinity.required": [
        {"matchExpressions": [{"key": "gpu", "operator": "In", "values": ["yes"]}]}
    ],
    "singleuser.extraNodeAffinity.preferred": [
        {"weight": 100, "preference": {"matchExpressions": [{"key": "ssd", "operator": "Exists"}]}}
    ],
}
_NEAR = [{"labelSelector": {"matchLabels": {"app": "cache"}}, "topologyKey": "kubernetes.io/hostname"}]


def example_of(path: Path, field: Field) -> Any:
    """A value for the setting at `path`; for a section one of its settings with its own example."""
    if isinstance(field.default, Section):
        name, inner = next(iter(type(field.default).__pydantic_fields__.items()))
        label = inner.alias or name
        return {label: example_of((*path, label), inner)}
    if dotted(path) in _BY_PATH:
        return _BY_PATH[dotted(path)]
    # A section may give the settings of a part that several share other defaults than the part itself.
    default = default_tree(path)
    kinds = [kind for kind in members(field.annotation) if kind is not type(None)]
    for kind in kinds:
        if get_origin(kind) is Literal:
            return next(choice for choice in reversed(get_args(kind)) if choice != default and choice)
    if path[-1] in _BY_WORD:
        found = _BY_WORD[str(path[-1])]
        return "registry.example.org/team/image" if path[-2:] == ("image", "name") else found
    if bool in kinds:
        return not default
    if int in kinds or float in kinds:
        return (default or 0) + 1 if isinstance(default, (int, float)) else 100
    if path[-2:-1] in (("extraPodAffinity",), ("extraPodAntiAffinity",)):
        return _NEAR if path[-1] == "required" else [{"weight": 100, "podAffinityTerm": _NEAR[0]}]
    raise LookupError(f"{dotted(path)} has no example")
