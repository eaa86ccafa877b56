"""What the tests' hub reads off rendered objects: the files and variables that its container would see."""

from __future__ import annotations

from typing import Any

import yaml

from tests.hub_files.mounted_hub import container

OBJECTS: list[dict[str, Any]] = list(
    yaml.safe_load_all("""
kind: ConfigMap
metadata: {name: hub}
data: {proxy-api: lab-proxy-api, jupyterhub_config.py: "c = 1", z2jh.py: "x = 1"}
---
kind: Secret
metadata: {name: hub}
data: {values.yaml: e30K, token: dG9rZW4=}
stringData: {motd: hello}
---
kind: Secret
metadata: {name: not-of-the-hub}
data: {token: b3RoZXI=}
---
kind: Service
metadata: {name: lab-proxy-api}
spec: {ports: [{port: 8001}, {port: 1}]}
---
kind: Deployment
metadata: {name: proxy, labels: {component: proxy}}
---
kind: Deployment
metadata: {name: hub, namespace: school, labels: {component: hub}}
spec:
  template:
    spec:
      volumes:
      - {name: config, configMap: {name: hub}}
      - {name: secret, secret: {secretName: hub}}
      - {name: files, secret: {secretName: hub, items: [{key: motd, path: motd}]}}
      - {name: existing, secret: {secretName: of-somebody-else}}
      - {name: pvc, persistentVolumeClaim: {claimName: hub-db-dir}}
      containers:
      - name: hub
        volumeMounts:
        - {name: config, mountPath: /etc/j/jupyterhub_config.py, subPath: jupyterhub_config.py}
        - {name: config, mountPath: /etc/j/config/}
        - {name: secret, mountPath: /etc/j/secret}
        - {name: files, mountPath: /etc/motd, subPath: motd}
        - {name: files, mountPath: /etc/no, subPath: token}
        - {name: existing, mountPath: /etc/j/existing-secret}
        - {name: pvc, mountPath: /srv/jupyterhub}
        env:
        - {name: PLAIN, value: text}
        - {name: TOKEN, valueFrom: {secretKeyRef: {name: hub, key: token}}}
        - {name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
        - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
      - {name: sidecar, env: [{name: NOT_OURS, value: x}]}
""")
)


def test_files_and_variables_of_the_hub_are_read_off_the_objects() -> None:
    assert container(OBJECTS) == (
        {
            "/etc/j/jupyterhub_config.py": "c = 1",
            "/etc/j/config/proxy-api": "lab-proxy-api",
            "/etc/j/config/jupyterhub_config.py": "c = 1",
            "/etc/j/config/z2jh.py": "x = 1",
            "/etc/j/secret/values.yaml": "{}\n",
            "/etc/j/secret/token": "token",
            "/etc/j/secret/motd": "hello",
            "/etc/motd": "hello",
        },
        {"PLAIN": "text", "TOKEN": "token", "POD_NAMESPACE": "school", "LAB_PROXY_API_SERVICE_PORT": "8001"},
    )
