"""The hub's files in the hub images of all charts: with the JupyterHub, KubeSpawner and Python of each.

The environments are made once, by `scripts/hub-environments build`; the test of one that is not there is skipped.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chart_py.editions.hub_packages import hub_image
from chart_py.editions.order import key
from chart_py.editions.table import CHANGES
from tests.editions.test_changes import rendered
from tests.hub_files import environments
from tests.hub_files.mounted_hub import HOME, container, write
from tests.hub_files.small_release import HUB_FILES

PROBE = Path(__file__).with_name("edition_probe.py")
USER = "Wäsh.o"
VALUES: dict[str, Any] = {
    "hub": {
        "config": {"JupyterHub": {"admin_access": False, "template_vars": {"said": "by hub.config"}}},
        "services": {"first": {"url": "http://first", "apiToken": "t" * 32}, "second": {"url": "http://second"}},
        "extraConfig": {
            "volumes": "if isinstance(c.KubeSpawner.volumes, list):\n    c.KubeSpawner.volumes.append(MORE)"
        },
        "extraFiles": {
            "more": {
                "mountPath": f"{HOME}/jupyterhub_config.d/more.py",
                "stringData": "MORE = {'name': 'more', 'emptyDir': {}}\n"
                "c.JupyterHub.template_vars = {'said': 'by a file'}",
            }
        },
    },
    "singleuser": {
        "storage": {
            "extraVolumes": [{"name": "shared", "persistentVolumeClaim": {"claimName": "shared"}}],
            "extraVolumeMounts": [{"name": "shared", "mountPath": "/shared"}],
        },
        "profileList": [{"display_name": "One", "kubespawner_override": {"cpu_limit": 2}, "default": True}],
        "extraEnv": {"A": "b"},
    },
}


@cache
def told(version: str) -> dict[str, Any]:
    """What the hub of a chart makes of `VALUES`, with its own packages."""
    python = environments.python(version)
    if python is None:
        pytest.skip(f"the hub image of chart {version} is not there: scripts/hub-environments build {version}")
    files, variables = container(list(rendered(version, VALUES).values()))
    where = environments.folder(version) / "mounted"
    write(where, files)
    done = subprocess.run(
        [str(python), str(PROBE), f"{where}{HOME}", USER, ""],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_the_software_is_that_of_the_image_and_knows_every_trait(version: str) -> None:
    image = hub_image(version)
    assert told(version)["versions"] == [image.packages["jupyterhub"], image.kubespawner]
    assert told(version)["unknown traits"] == {"JupyterHub": [], "KubeSpawner": []}


OLD = {"app": "jupyterhub", "release": "jhub", "heritage": "jupyterhub", "component": "singleuser-server"}
NEW = {
    "app": "jupyterhub",
    "release": "jhub",
    "component": "singleuser-server",
    "app.kubernetes.io/name": "jupyterhub",
    "app.kubernetes.io/instance": "jhub",
    "app.kubernetes.io/component": "singleuser-server",
    "app.kubernetes.io/managed-by": "kubespawner",
}


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_labels_are_those_of_the_chart(version: str) -> None:
    labels = told(version)["pod"]["metadata"]["labels"]
    chart = f"jupyterhub-{version.partition('-')[0]}"
    wanted = {**OLD, "chart": chart}
    if key(version) >= key("4.0.0"):
        wanted = {**NEW, "chart": chart, "helm.sh/chart": chart}
    assert {name: text for name, text in labels.items() if not name.startswith("hub.jupyter.org/")} == wanted


def by_name(volume: dict[str, Any]) -> str:
    return str(volume["name"])


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_homes_are_found_by_the_names_that_they_have(version: str) -> None:
    name = "w-sh-o---baf857cb" if key(version) >= key("4.0.0") else "-57-c3-a4sh-2eo"
    pod, claim = told(version)["pod"]["spec"], told(version)["claim"]
    volumes = [{"name": f"volume-{name}", "persistentVolumeClaim": {"claimName": f"claim-{name}"}}]
    volumes.append(VALUES["singleuser"]["storage"]["extraVolumes"][0])
    if key(version) < key("4.3.0"):
        volumes.append({"name": "more", "emptyDir": {}})
    assert sorted(pod["volumes"], key=by_name) == sorted(volumes, key=by_name)
    assert {mount["name"]: mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]} == {
        f"volume-{name}": "/home/jovyan",
        "shared": "/shared",
    }
    assert claim["metadata"]["name"] == f"claim-{name}"
    assert claim["spec"]["resources"]["requests"] == {"storage": "10Gi"}


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_the_metadata_server_is_blocked_as_the_chart_does(version: str) -> None:
    block = told(version)["pod"]["spec"]["initContainers"][0]
    everything = "iptables -A OUTPUT -d 169.254.169.254 -j DROP"
    http = "iptables --append OUTPUT --protocol tcp --destination 169.254.169.254 --destination-port 80 --jump DROP"
    assert " ".join(block["command"]) == (http if key(version) >= key("3.0.0") else everything)
    assert block["securityContext"]["privileged"] is True


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_the_culler_may_do_what_it_needs(version: str) -> None:
    config = told(version)["config"]["JupyterHub"]
    culler = config["services"][0]
    if key(version) < key("2.0.0"):
        assert (culler["name"], culler["admin"], "load_roles" in config) == ("cull-idle", True, False)
    else:
        scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
        name = "jupyterhub-idle-culler"
        assert (culler["name"], "admin" in culler) == (name, False)
        assert config["load_roles"] == [{"name": name, "scopes": scopes, "services": [name]}]


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_services_have_their_tokens(version: str) -> None:
    services = told(version)["config"]["JupyterHub"]["services"][1:]
    assert [(service["name"], service.get("api_token")) for service in services] == [
        ("first", "t" * 32),
        ("second", "0" * 64 if key(version) >= key("1.1.0") else None),
    ]


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_files_go_over_hub_config_since_2(version: str) -> None:
    config = told(version)["config"]["JupyterHub"]
    said = "by a file" if key(version) >= key("2.0.0") else "by hub.config"
    assert (config["template_vars"], config["admin_access"]) == ({"said": said}, False)


@pytest.mark.parametrize("version", environments.VERSIONS)
def test_servers_run_as_the_chart_lets_them(version: str) -> None:
    container = told(version)["pod"]["spec"]["containers"][0]
    assert container["resources"]["limits"] == {"cpu": 2}
    assert {"name": "A", "value": "b"} in container["env"]
    escalation = {"allowPrivilegeEscalation": False} if key(version) >= key("2.0.0") else {}
    assert container["securityContext"] == {"runAsUser": 1000, **escalation}


def test_what_the_hubs_files_ask_for_is_told_by_a_change() -> None:
    """Each version that they ask for has a change that says what differs in the hub, and the other way round."""
    texts = "".join((HUB_FILES / name).read_text() for name in ("jupyterhub_config.py", "z2jh.py"))
    asked = set(re.findall(r'since\("([^"]+)"\)', texts))
    told_by = {change.since for change in CHANGES if change.hub}
    assert asked <= told_by
