"""A release is taken over from Helm: on the first screen stands what really changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import chart_py
from chart_py import Context, compare, load, new_secrets, plan_text, render
from tests.helm_like import as_helm

FILES = Path(chart_py.__file__).parent / "hub_files"
HUB_LINES, MODULE_LINES = (
    len((FILES / name).read_text(encoding="utf-8").splitlines()) for name in ("jupyterhub_config.py", "z2jh.py")
)


def values(limit: str) -> dict[str, Any]:
    login = {"JupyterHub": {"authenticator_class": "github"}, "GitHubOAuthenticator": {"client_secret": "hunter2"}}
    return {"hub": {"config": login}, "singleuser": {"memory": {"limit": limit}}}


def rendered() -> list[dict[str, Any]]:
    loaded = load(values("1G"))
    return render(loaded, Context(secrets=new_secrets(loaded)))


def test_the_change_stands_first_and_what_only_names_the_renderer_in_a_line() -> None:
    plan = compare(as_helm(rendered()), load(values("2G")))
    assert plan_text(plan).splitlines() == [
        "~ update Secret/hub in jhub",
        "      data:",
        "        values.yaml:",
        "          singleuser:",
        "            memory:",
        '-             limit: "1G"',
        '+             limit: "2G"',
        "      not listed: 4 settings that are null on one side and missing on the other",
        "      kept: hub.config.ConfigurableHTTPProxy.auth_token, hub.config.JupyterHub.cookie_secret, "
        "hub.config.CryptKeeper.keys",
        "~ update ConfigMap/hub in jhub",
        "      data:",
        f"~       jupyterhub_config.py: another text (500 lines -> {HUB_LINES} lines); -v shows both",
        f"~       z2jh.py: another text (500 lines -> {MODULE_LINES} lines); -v shows both",
        "~ update Deployment/hub in jhub (its pods restart: it reads Secret/hub and ConfigMap/hub)",
        "~ update Deployment/proxy in jhub (its pods restart: it reads Secret/hub)",
        "~ update Deployment/user-scheduler in jhub (its pods restart: only a checksum of what they read changes)",
        "~ update StatefulSet/user-placeholder in jhub (its pods restart)",
        "      spec:",
        "        template:",
        "          spec:",
        "            containers:",
        "              - name: pause",
        "                resources:",
        "                  limits:",
        '-                   memory: "1G"',
        '+                   memory: "2G"',
        "~ 24 objects: chart, helm.sh/chart: jupyterhub-4.3.0 -> jupyterhub-4.4.0",
        "~ 24 objects: Release.Service, app.kubernetes.io/managed-by, heritage: Helm -> chart_py",
        "~ 1 object: Chart.Version: 4.3.0 -> 4.4.0",
        "  jhub in jhub: 24 to update",
        "  pods that restart: Deployment/hub, Deployment/proxy, Deployment/user-scheduler, "
        "StatefulSet/user-placeholder",
    ]


def test_where_nothing_changes_the_first_screen_says_so() -> None:
    plan = compare(as_helm(rendered()), load(values("1G")))
    assert plan_text(plan).splitlines() == [
        "~ update Secret/hub in jhub",
        "      not listed: 4 settings that are null on one side and missing on the other",
        "~ update ConfigMap/hub in jhub",
        "      data:",
        f"~       jupyterhub_config.py: another text (500 lines -> {HUB_LINES} lines); -v shows both",
        f"~       z2jh.py: another text (500 lines -> {MODULE_LINES} lines); -v shows both",
        "~ update Deployment/hub in jhub (its pods restart: it reads Secret/hub and ConfigMap/hub)",
        "~ update Deployment/proxy in jhub (its pods restart: it reads Secret/hub)",
        "~ update Deployment/user-scheduler in jhub (its pods restart: only a checksum of what they read changes)",
        "~ 24 objects: chart, helm.sh/chart: jupyterhub-4.3.0 -> jupyterhub-4.4.0",
        "~ 24 objects: Release.Service, app.kubernetes.io/managed-by, heritage: Helm -> chart_py",
        "~ 1 object: Chart.Version: 4.3.0 -> 4.4.0",
        "  jhub in jhub: 24 to update",
        "  pods that restart: Deployment/hub, Deployment/proxy, Deployment/user-scheduler",
    ]
