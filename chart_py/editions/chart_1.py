"""The named changes of the charts 1.0.1 to 1.2.0."""

from __future__ import annotations

from typing import Any, Literal

from chart_py.editions.change import ABSENT, Change, Setting, Severity

_DATABASES = Literal["sqlite-pvc", "sqlite-memory", "mysql", "postgres"]

CHANGES: tuple[Change, ...] = (
    Change(
        "database-other",
        "1.0.1",
        Severity.QUIET,
        "hub.db.type takes `other`, for a database that is neither PostgreSQL nor MySQL.",
        "SQLAlchemy knows more databases than the chart has names for.",
        settings=(Setting("hub.db.type", "sqlite-pvc", "sqlite-pvc", took=_DATABASES),),
    ),
    Change(
        "extra-env-list",
        "1.0.1",
        Severity.QUIET,
        "extraEnv takes a list of variables as well as a map, for the hub, the proxies and users' servers.",
        "A list keeps its order, which variables that refer to each other depend on.",
        settings=tuple(
            Setting(f"{section}.extraEnv", {}, {}, took=dict[str, Any])
            for section in ("hub", "proxy.chp", "proxy.traefik", "singleuser")
        ),
    ),
    Change(
        "full-names",
        "1.0.1",
        Severity.ACTION,
        "With a fullnameOverride, the Ingress and the default PriorityClass have names without a dash at the end.",
        "Kubernetes refuses names that end in a dash, and the user scheduler was bound to an account of another name.",
        objects=("Ingress", "PriorityClass", "ClusterRoleBinding", "ConfigMap/hub", "Deployment"),
    ),
    Change(
        "service-tokens",
        "1.1.0",
        Severity.QUIET,
        "Every service in hub.services has an API token; one that nobody set is made.",
        "Services need one to talk to the hub, and it had to be made by hand.",
        objects=("Secret/hub",),
        hub="The token of each service is read from the hub's Secret.",
    ),
    Change(
        "extra-pod-spec",
        "1.1.0",
        Severity.QUIET,
        "extraPodSpec adds fields to the pods of the hub, the proxies and the user scheduler.",
        "Fields of a pod that have no setting of their own could not be set.",
        settings=tuple(
            Setting(f"{section}.extraPodSpec", ABSENT, {})
            for section in ("hub", "proxy.chp", "proxy.traefik", "scheduling.userScheduler")
        ),
    ),
    Change(
        "placeholder-image",
        "1.1.0",
        Severity.QUIET,
        "The placeholders have an image of their own, scheduling.userPlaceholder.image.",
        "They used prePuller.pause.image, so that one could not be set without the other.",
        before="Where prePuller.pause.image is set, set scheduling.userPlaceholder.image to the same.",
        settings=(
            Setting(
                "scheduling.userPlaceholder.image",
                ABSENT,
                {"name": "k8s.gcr.io/pause", "tag": "3.5", "pullSecrets": []},
            ),
        ),
        objects=("StatefulSet/user-placeholder",),
    ),
    Change(
        "ingress-path-type",
        "1.1.0",
        Severity.QUIET,
        "ingress.pathType says how the Ingress compares paths.",
        "Ingresses of networking.k8s.io/v1 need a path type, and some controllers need another than Prefix.",
        settings=(Setting("ingress.pathType", ABSENT, "Prefix"),),
        objects=("Ingress",),
    ),
    Change(
        "proxy-any-address",
        "1.1.0",
        Severity.ADMINS,
        "The proxy listens on all addresses by an empty --ip instead of `::`.",
        "On nodes without IPv6 the address `::` could not be bound, and the proxy did not start.",
        objects=("Deployment/proxy",),
    ),
)
