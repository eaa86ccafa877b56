"""The old words of all sections but `auth`: those of the hub, the proxy, users' servers and what is around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from chart_py.values.guide_settings.row import Advice, Append, Map, Old, Row
from chart_py.values.parts import NetworkPolicy, Pdb
from chart_py.values.routes import Gateway

_PULL = Literal["", "IfNotPresent", "Always", "Never"]
_COMMAND = "the command is made of the settings; proxy.chp.extraCommandLineFlags adds flags to it"
_TRAEFIK = "traefik gets the certificates and ends TLS since chart 0.9; nginx and kube-lego are gone"
_TWO_PROXIES = "configurable-http-proxy and traefik have had settings of their own since chart 0.10"
_ONE_SECRET = "one Secret serves all pods since chart 0.10, not users' pods alone"
_CONTEXT = "pods and containers have had security contexts since chart 0.10"
_ACCOUNTS = "roles and service accounts are made or not made one by one since chart 2.0"


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_old_url(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("postgres+", "postgres:"))


def _url(old: Old) -> Mapping[str, Any]:
    return {"hub.db.url": "postgresql" + old.value.removeprefix("postgres")}


def _root(old: Old) -> Iterable[Advice]:
    if old.value == 0:
        yield Advice(
            "runs-as-root",
            "the pod refuses to run as root: hub.podSecurityContext.runAsNonRoot is true",
            ("Write hub.podSecurityContext.runAsNonRoot: false if your image of the hub needs root.",),
        )


def _cloud_metadata(old: Old) -> Mapping[str, Any]:
    return {
        "singleuser.cloudMetadata.blockWithIptables": not old.value,
        "singleuser.networkPolicy.egressAllowRules.cloudMetadataServer": old.value,
    }


def _scheduler(old: Old) -> Mapping[str, Any]:
    if old.value == "pack":
        return {"scheduling.userScheduler.enabled": True}
    others = {"component": "singleuser-server", "app": old.facts.app, "release": old.facts.release}
    term = {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": others}}
    apart = Append([{"weight": 100, "podAffinityTerm": term}])
    return {"scheduling.userScheduler.enabled": False, "singleuser.extraPodAntiAffinity.preferred": apart}


def _policy(old: Old) -> Mapping[str, Any]:
    """Kubernetes' own default for the image's tag need not be written."""
    tag = str(old.around.get("tag") or "latest")
    default = "Always" if tag == "latest" else "IfNotPresent"
    return {} if old.value in ("", default) else {"prePuller.extraImages.*.pullPolicy": old.value}


def _is_empty_list(value: Any) -> bool:
    return isinstance(value, list) and not value


def _is_host_path(value: Any) -> bool:
    return isinstance(value, str) and value == "hostPath"


def _host_path(old: Old) -> Iterable[Advice]:
    yield Advice(
        "no-home",
        "the type hostPath mounted nothing by itself, and neither does none, which it becomes",
        ("Mount the homes with singleuser.storage.extraVolumes and extraVolumeMounts, if that is not done.",),
    )


def _is_number_in_quotes(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d*\.?\d+", value) is not None


def _without_quotes(old: Old) -> Mapping[str, Any]:
    number = float(old.value)
    return {".".join(map(str, old.path)): int(number) if number.is_integer() else number}


def _parent(old: Old) -> Mapping[str, Any]:
    parent = {word: old.value.get(word) for word in ("name", "namespace", "sectionName") if old.value.get(word)}
    return {"httpRoute.parentRefs": [{"kind": "Gateway", **parent}]}


def _pull_secret(section: str) -> Iterable[Row]:
    yield Row(f"{section}.imagePullSecret.enabled", ("imagePullSecret.create",), bool, _ONE_SECRET, until="0.9")
    for word in ("registry", "username", "email", "password"):
        yield Row(f"{section}.imagePullSecret.{word}", (f"imagePullSecret.{word}",), str, _ONE_SECRET, until="0.9")


def _both_proxies(word: str, due: Any) -> Row:
    return Row(f"proxy.{word}", (f"proxy.chp.{word}", f"proxy.traefik.{word}"), due, _TWO_PROXIES, "0.6", "0.9")


SECTIONS: tuple[Row, ...] = (
    Row("hub.uid", ("hub.containerSecurityContext.runAsUser",), int, _CONTEXT, until="0.9", lost=_root),
    Row("hub.fsGid", ("hub.podSecurityContext.fsGroup",), int, _CONTEXT, until="1.2"),
    Row("hub.imagePullPolicy", ("hub.image.pullPolicy",), _PULL, "it stands with the image", until="0.9"),
    *_pull_secret("hub"),
    Row("hub.publicURL", ("hub.config.JupyterHub.public_url",), str, "JupyterHub has a trait for it", until="0.9"),
    Row(
        "hub.extraConfig", ("hub.extraConfig.config\\.py",), str,
        "extraConfig is a map of named texts, run in the names' order", until="0.9", when=_is_text,
    ),
    Row(
        "hub.extraConfigMap.*", ("custom.*",), Any,
        "z2jh.get_config(\"custom.NAME\") reads `custom` at the top", until="0.9",
    ),
    Row(
        "hub.db.url", ("hub.db.url",), str,
        "SQLAlchemy calls it postgresql, and refuses postgres", until="2.0", change=_url, when=_is_old_url,
    ),
    _both_proxies("networkPolicy", NetworkPolicy.of()),
    _both_proxies("pdb", Pdb.of()),
    _both_proxies("nodeSelector", dict[str, str]),
    Row("proxy.nginx", (), Map, _TRAEFIK, until="0.8"),
    Row("proxy.lego", (), Map, _TRAEFIK, until="0.8"),
    Row("singleuser.imagePullPolicy", ("singleuser.image.pullPolicy",), _PULL, "it stands with the image", until="0.7"),
    *_pull_secret("singleuser"),
    Row(
        "singleuser.cloudMetadata.enabled",
        (
            "singleuser.cloudMetadata.blockWithIptables",
            "singleuser.networkPolicy.egressAllowRules.cloudMetadataServer",
        ),
        bool, "two things can block the metadata server, iptables and the NetworkPolicy; both must let it through",
        since="0.6", until="0.9", change=_cloud_metadata,
    ),
    Row(
        "singleuser.schedulerStrategy",
        ("scheduling.userScheduler.enabled", "singleuser.extraPodAntiAffinity.preferred"),
        Literal["spread", "pack"], "a scheduler of its own packs users' pods; affinity terms spread them",
        since="0.6", until="0.7", change=_scheduler, beside=True,
    ),
    Row(
        "prePuller.extraImages.*.policy", ("prePuller.extraImages.*.pullPolicy",), _PULL,
        "it is called pullPolicy; IfNotPresent is Kubernetes' default for any tag but latest", until="0.9",
        change=_policy,
    ),
    Row(
        "prePuller.extraImages", ("prePuller.extraImages",), list[Any],
        "it is a map from any name to an image", until="0.7",
        change=lambda old: {"prePuller.extraImages": {}}, when=_is_empty_list,
    ),
    Row("prePuller.hook.extraEnv", (), Map, "the pod that waits for the pullers takes no variables", until="0.7"),
    Row(
        "singleuser.storage.type", ("singleuser.storage.type",), Literal["hostPath"],
        "folders of a node are extra volumes", until="0.7",
        change=lambda old: {"singleuser.storage.type": "none"}, when=_is_host_path, lost=_host_path,
    ),
    Row("proxy.chp.cmd", (), list[str], _COMMAND, until="0.6"),
    Row("cull.podCuller", (), Map, "the culler runs beside the hub, in its pod, and needs no image", until="0.7"),
    Row(
        "scheduling.userScheduler.policy", (), Map,
        "kube-scheduler no longer reads policies; scheduling.userScheduler.plugins configures it",
        since="0.8", until="0.9",
    ),
    Row(
        "rbac.enabled",
        (
            "rbac.create",
            "hub.serviceAccount.create",
            "proxy.traefik.serviceAccount.create",
            "scheduling.userScheduler.serviceAccount.create",
            "prePuller.hook.serviceAccount.create",
            "prePuller.hook.serviceAccountImagePuller.create",
            "prePuller.continuous.serviceAccount.create",
        ),
        bool, _ACCOUNTS, since="0.5", until="1.2",
    ),
)  # fmt: skip
"""Every old setting outside `auth`, one row each."""

COMING: tuple[Row, ...] = (
    Row(
        "httpRoute.gateway", ("httpRoute.parentRefs",), Gateway.of(),
        "a route can belong to several Gateways", since="4.3", until="4.4", change=_parent,
    ),
)  # fmt: skip
"""The settings that a coming chart will not know."""

OF_GUIDE: tuple[Row, ...] = tuple(
    Row(
        f"singleuser.cpu.{word}", (f"singleuser.cpu.{word}",), str,
        "CPU is a number of cores, which the hub of the guide's charts read from text too", until="0.7",
        change=_without_quotes, when=_is_number_in_quotes,
    )
    for word in ("limit", "guarantee")
)  # fmt: skip
"""What only the charts of the guide took: rows for values that are for one of them."""
