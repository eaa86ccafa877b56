"""Whether a cluster enforces NetworkPolicies, judged by what runs on its nodes."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from chart_py.manifest import Manifest


class Enforcement(enum.Enum):
    """Whether NetworkPolicies count."""

    YES = "enforced"
    NO = "not-enforced"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Plugins:
    """What was seen: whether policies count, and the network plugins that say so."""

    enforcement: Enforcement
    names: tuple[str, ...] = ()


class _Plugin(NamedTuple):
    """A network plugin: how it is called, what its DaemonSet's name or images contain, whether it enforces policies."""

    name: str
    mark: str
    enforces: Callable[[Manifest], bool]


def _always(_: Manifest) -> bool:
    return True


def _never(_: Manifest) -> bool:
    return False


def _containers(daemon: Manifest) -> list[dict[str, Any]]:
    spec = ((daemon.get("spec") or {}).get("template") or {}).get("spec") or {}
    return [each for each in spec.get("containers") or () if isinstance(each, dict)]


def _aws(daemon: Manifest) -> bool:
    """Amazon's plugin enforces policies where its agent is told to."""
    return any(
        "network-policy-agent" in str(each.get("image"))
        and any(str(word).endswith("enable-network-policy=true") for word in each.get("args") or ())
        for each in _containers(daemon)
    )


def _kindnet(daemon: Manifest) -> bool:
    """kind's plugin enforces policies since its images of August 2024 (kind 0.24)."""
    dates = [found[1] for each in _containers(daemon) if (found := re.search(r":v(\d{8})-", str(each.get("image"))))]
    return bool(dates) and max(dates) >= "20240813"


def _router(daemon: Manifest) -> bool:
    """kube-router has its firewall on unless it is told otherwise."""
    return not any("run-firewall=false" in str(word) for each in _containers(daemon) for word in each.get("args") or ())


_KNOWN = (
    _Plugin("Calico", "calico-node", _always),
    _Plugin("Calico", "canal", _always),
    _Plugin("Cilium", "cilium", _always),
    _Plugin("GKE Dataplane V2", "anetd", _always),
    _Plugin("Antrea", "antrea-agent", _always),
    _Plugin("Weave Net", "weave-npc", _always),
    _Plugin("kube-router", "kube-router", _router),
    _Plugin("OVN-Kubernetes", "ovnkube-node", _always),
    _Plugin("OpenShift SDN", "sdn", _always),
    _Plugin("Azure Network Policy Manager", "azure-npm", _always),
    _Plugin("kube-network-policies", "kube-network-policies", _always),
    _Plugin("Amazon VPC CNI", "aws-node", _aws),
    _Plugin("kindnet", "kindnet", _kindnet),
    _Plugin("flannel", "flannel", _never),
)


def plugins(daemons: Iterable[Manifest]) -> Plugins:
    """What the DaemonSets of a cluster say of its network; unknown where no plugin among them is known."""
    seen = {name: enforces for daemon in daemons for name, enforces in _of(daemon)}
    enforcing = tuple(name for name, enforces in seen.items() if enforces)
    if enforcing:
        return Plugins(Enforcement.YES, enforcing)
    return Plugins(Enforcement.NO if seen else Enforcement.UNKNOWN, tuple(seen))


def _of(daemon: Manifest) -> Iterable[tuple[str, bool]]:
    name = str((daemon.get("metadata") or {}).get("name"))
    words = {*re.split(r"[/:@]", " ".join(str(each.get("image")) for each in _containers(daemon)).replace(" ", "/"))}
    for known in _KNOWN:
        whole = known.mark == name or name.startswith(f"{known.mark}-") or name.endswith(f"-{known.mark}")
        if whole or known.mark in words or (known.mark == "flannel" and "flannel" in name):
            yield known.name, known.enforces(daemon)
