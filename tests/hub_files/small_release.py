"""Owns one small release for the tests of the hub's files: its values, its names, its secrets, and changes to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

import chart_py
from tests.hub_files.mounted_hub import HOME

HUB_FILES = Path(chart_py.__file__).parent / "hub_files"
ABSENT = object()

VALUES: dict[str, Any] = yaml.safe_load("""
Chart: {Name: jupyterhub, Version: 4.4.0+dirty}
Release: {Name: lab, Namespace: school}
nameOverride: null
imagePullSecret: {create: false, automaticReferenceInjection: true}
imagePullSecrets: []
hub:
  baseUrl: /
  concurrentSpawnLimit: 64
  activeServerLimit: null
  consecutiveFailureLimit: 5
  allowNamedServers: false
  namedServerLimitPerUser: null
  authenticatePrometheus: null
  redirectToServer: null
  shutdownOnLogout: null
  templatePaths: []
  templateVars: {}
  db: {type: sqlite-pvc, url: null, password: null}
  services: {}
  loadRoles: {}
  extraConfig: {}
  config:
    JupyterHub: {admin_access: true, authenticator_class: dummy}
singleuser:
  image: {name: example/notebook, tag: "16.10", pullPolicy: null, pullSecrets: []}
  podNameTemplate: null
  startTimeout: 300
  cmd: jupyterhub-singleuser
  defaultUrl: null
  events: true
  uid: 1000
  fsGid: 100
  allowPrivilegeEscalation: false
  serviceAccountName: null
  nodeSelector: {}
  extraTolerations: []
  extraNodeAffinity: {required: [], preferred: []}
  extraPodAffinity: {required: [], preferred: []}
  extraPodAntiAffinity: {required: [], preferred: []}
  extraLabels: {hub.jupyter.org/network-access-hub: "true"}
  extraAnnotations: {}
  extraEnv: {}
  extraFiles: {}
  lifecycleHooks: {}
  initContainers: []
  extraContainers: []
  extraPodConfig: {}
  profileList: []
  memory: {limit: null, guarantee: 1G}
  cpu: {limit: null, guarantee: null}
  extraResource: {limits: {}, guarantees: {}}
  cloudMetadata: {blockWithIptables: true, ip: 169.254.169.254}
  networkTools: {image: {name: example/tools, tag: "7"}, resources: {}}
  storage:
    type: dynamic
    capacity: 10Gi
    homeMountPath: /home/jovyan
    extraLabels: {}
    extraVolumes: null
    extraVolumeMounts: null
    static: {pvcName: null, subPath: "{username}"}
    dynamic:
      storageClass: null
      pvcNameTemplate: null
      volumeNameTemplate: volume-{user_server}
      storageAccessModes: [ReadWriteOnce]
      subPath: null
scheduling:
  userScheduler: {enabled: true}
  podPriority: {enabled: false}
  userPods:
    tolerations: [{key: for, operator: Equal, value: user, effect: NoSchedule}]
    nodeAffinity: {matchNodePurpose: prefer}
cull: {enabled: true, users: false, adminUsers: true, removeNamedServers: false, timeout: 3600, every: 600,
  concurrency: 10, maxAge: 0}
debug: {enabled: false}
custom: {word: Hello, list: [1, 2], map: {key: value}}
""")

NAMES = {
    "hub": "hub",
    "proxy-api": "proxy-api",
    "image-pull-secret": "image-pull-secret",
    "singleuser": "singleuser",
    "user-scheduler": "lab-user-scheduler",
    "priority": "lab-default-priority",
}

SECRETS = {
    "hub.config.JupyterHub.cookie_secret": "c0" * 32,
    "hub.config.CryptKeeper.keys": "ab" * 32,
    "hub.config.ConfigurableHTTPProxy.auth_token": "proxy-token",
}

VARIABLES = {"POD_NAMESPACE": "school", "HUB_SERVICE_PORT": "8081", "PROXY_API_SERVICE_PORT": "8001"}


def changed(value: Any, changes: Any) -> Any:
    """`value` with `changes` in it: maps go into maps at every depth, a number picks an item of a list.

    Anything else replaces what was there, and ABSENT takes it away.
    """
    if isinstance(changes, Mapping) and isinstance(value, list):
        return [changed(item, changes[place]) if place in changes else item for place, item in enumerate(value)]
    if not isinstance(changes, Mapping) or not isinstance(value, dict):
        return changes
    both = {**value, **{key: changed(value.get(key), change) for key, change in changes.items()}}
    return {key: inner for key, inner in both.items() if inner is not ABSENT}


def files(
    values: Mapping[str, Any] | None = None,
    *,
    secrets: Mapping[str, str] | None = None,
    existing: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
    beside: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The files of the hub's container: the small release with changed values, more secrets, other names.

    `existing` are the keys of the Secret of hub.existingSecret, `beside` further files of /usr/local/etc/jupyterhub.
    """
    stored = {
        "values.yaml": yaml.safe_dump(changed(VALUES, values or {}), sort_keys=False),
        **SECRETS,
        **(secrets or {}),
    }
    folders: dict[str, Mapping[str, str]] = {
        "": {path.name: path.read_text(encoding="utf-8") for path in HUB_FILES.glob("*.py")} | dict(beside or {}),
        "config/": {**NAMES, **(names or {})},
        "secret/": stored,
        "existing-secret/": existing or {},
    }
    return {f"{HOME}/{folder}{name}": text for folder, texts in folders.items() for name, text in texts.items()}
