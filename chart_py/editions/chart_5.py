"""The named changes of chart 5.0.0, as far as they are on the chart's main branch."""

from __future__ import annotations

from chart_py.editions.change import ABSENT, Change, Setting, Severity

CHANGES: tuple[Change, ...] = (
    Change(
        "gateway-parent-refs",
        "5.0.0-dev",
        Severity.ACTION,
        "httpRoute.parentRefs takes the place of httpRoute.gateway: a list, as in an HTTPRoute.",
        "A route can belong to several Gateways, and to other things than Gateways.",
        before="Write httpRoute.parentRefs, a list with the name, namespace and sectionName, for httpRoute.gateway.",
        settings=(
            Setting(
                "httpRoute.gateway",
                {"name": "your-gateway", "namespace": ""},
                ABSENT,
                instead="httpRoute.parentRefs",
            ),
            Setting("httpRoute.parentRefs", ABSENT, []),
        ),
        objects=("HTTPRoute",),
    ),
    Change(
        "proxy-command",
        "5.0.0-dev",
        Severity.QUIET,
        "proxy.chp.command is the program of the proxy's container, and what chart_py passes to it are its arguments.",
        "Images with another proxy, or with a wrapper around it, could not be used.",
        settings=(Setting("proxy.chp.command", ABSENT, ["configurable-http-proxy"]),),
        objects=("Deployment/proxy",),
    ),
    Change(
        "traefik-command",
        "5.0.0-dev",
        Severity.QUIET,
        "proxy.traefik.command and args are the program of traefik's container and its arguments.",
        "Images whose entrypoint is not traefik could not be used.",
        settings=(Setting("proxy.traefik.command"), Setting("proxy.traefik.args")),
        objects=("Deployment/autohttps",),
    ),
    Change(
        "scheduler-1.35",
        "5.0.0-dev",
        Severity.QUIET,
        "The user scheduler may read what kube-scheduler 1.35 reads.",
        "Newer kube-schedulers watch more kinds of objects.",
        objects=("ClusterRole/user-scheduler",),
    ),
)
