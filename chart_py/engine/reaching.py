"""What `reach` looks at: a release as a configuration renders it, as a revision has it, or as it is in its cluster."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import Cluster, Ref
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.engine.hub import revision as record_of
from chart_py.engine.opening import Hub
from chart_py.engine.standing import manifests_of, store_of
from chart_py.errors import ChartError, ClusterError
from chart_py.finding import Finding
from chart_py.manifest import Manifest
from chart_py.reach.addresses import NONE, PRIVATE, PRIVATE_6, Addresses, network
from chart_py.reach.edges import Shifts, between
from chart_py.reach.matrix import Matrix, matrix
from chart_py.reach.party import PodParty
from chart_py.reach.plugin import Enforcement, Plugins, plugins
from chart_py.reach.release import Release, Surroundings, hub_values, release
from chart_py.reach.settings import Settings
from chart_py.reach.user_pods import COMPONENT, Choice, choices
from chart_py.release.record import Record
from chart_py.rendering import context_for, render
from chart_py.values.data_layer import from_data
from chart_py.values.load import Loaded, from_layers

UNKNOWN = Plugins(Enforcement.UNKNOWN)
_WORKLOADS = (
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("batch/v1", "Job"),
)
_POLICIES = ("networking.k8s.io/v1", "NetworkPolicy")


@dataclass(frozen=True)
class View:
    """A release that is looked at: its parties and policies, the settings behind them where they are known.

    `plugins` say whether its cluster enforces policies; `unread` names the kinds of objects that could not be read.
    """

    release: Release
    settings: Settings | None = None
    plugins: Plugins = UNKNOWN
    unread: tuple[str, ...] = ()


def of_values(loaded: Loaded, name: str, namespace: str, pods: Addresses | None = None) -> View:
    """The release that a configuration makes. Raises ValuesError where it cannot be rendered."""
    context = context_for(loaded, Context(release=name, namespace=namespace), token=lambda: MASK)
    found = release(render(loaded, context), namespace, surroundings=_around(pods))
    return View(found, Settings(loaded, context))


def reach_matrix(loaded: Loaded, *, release: str = "jhub", namespace: str = "jhub") -> Matrix:
    """Who can reach whom with a configuration: every edge with its answers. Raises ValuesError."""
    return matrix(of_values(loaded, release, namespace).release)


def reach_edges(before: Loaded, after: Loaded, *, release: str = "jhub", namespace: str = "jhub") -> Shifts:
    """The edges that open and close from one configuration to another. Raises ValuesError."""
    return between(*(of_values(each, release, namespace).release for each in (before, after)))


def of_revision(hub: Hub, number: int | None, pods: Addresses | None = None) -> View:
    """The release as a recorded revision has it. Raises ClusterError for one that is not kept."""
    record = record_of(hub, number)
    return View(release(manifests_of(record), hub.namespace, surroundings=_around(pods)), _settings(record))


def _around(pods: Addresses | None) -> Surroundings:
    return Surroundings() if pods is None else Surroundings(pods=pods)


def _settings(record: Record | None) -> Settings | None:
    """The settings that a revision was made of; None where they cannot be read any more."""
    if record is None:
        return None
    version = str((record.chart.get("metadata") or {}).get("version", ""))
    refused: list[Finding] = []
    layer = from_data(record.config, f"revision {record.version}", refused.append)
    try:
        loaded = from_layers([layer], chart_version=version, release=record.name, findings=refused)
    except ChartError:
        # A chart version that is unknown, or values that are refused today: the policies speak for themselves.
        return None
    return Settings(loaded, Context(release=record.name, namespace=record.namespace))


def of_cluster(hub: Hub, pods: Addresses | None = None) -> View:
    """The release as it is in its cluster: all policies of its namespace, whoever made them, and the pods that run.

    Users' pods are those that run and those that the hub could start. Raises RefusedError where the policies cannot be
    read; what else cannot be read is named in the result.
    """
    reading = _Reading(hub.world.cluster)
    own = hub.namespace
    policies = hub.world.cluster.find(Ref(*_POLICIES, own)).items
    running = reading.all("v1", "Pod", own)
    workloads = [each for kind in _WORKLOADS for each in reading.all(*kind, own)]
    services = reading.all("v1", "Service", own)
    values = hub_values(reading.all("v1", "Secret", own, labels="component=hub"))
    spaces = {each["metadata"]["name"]: each["metadata"].get("labels") or {} for each in reading.all("v1", "Namespace")}
    around = Surroundings(pods or _pod_addresses(reading.all("v1", "Node"), running), _api_addresses(reading), spaces)
    objects = [*policies, *services, *workloads, *_without_owner(running, workloads)]
    started = (
        [*choices(values, own), *(Choice("", each) for each in _users(running))]
        if values
        else [Choice("", each) for each in _users(running)]
    )
    found = release(objects, own, values=values, pods=started, surroundings=around)
    found = replace(found, workloads=tuple(_addressed(each, running) for each in found.workloads))
    return View(found, _settings(_deployed(hub)), plugins(reading.all("apps/v1", "DaemonSet")), tuple(reading.unread))


class _Reading:
    """Reads lists of objects; what the account has no right to read is empty, and named in `unread`."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.unread: list[str] = []

    def all(self, version: str, kind: str, namespace: str = "", labels: str = "") -> list[Manifest]:
        """All objects of a kind in a namespace, or everywhere."""
        try:
            found = self.cluster.find(Ref(version, kind, namespace), labels=labels).items
        except RefusedError as error:
            if not (error.is_forbidden or error.status == 404):
                raise
            self.unread.append(f"{kind}s in {namespace}" if namespace else f"{kind}s")
            return []
        # Lists leave out what each item would say of itself.
        return [{"apiVersion": version, "kind": kind, **each} for each in found]


def _deployed(hub: Hub) -> Record | None:
    """The record of the revision that the release is at; None where there is none, or it may not be read."""
    try:
        heads = store_of(hub.world.cluster, hub.namespace, hub.world.now).heads(hub.release)
        return record_of(hub) if heads else None
    except ClusterError:
        return None


def _users(running: Iterable[Manifest]) -> list[Manifest]:
    """The running pods of users' servers, without what is each user's own, so that those that are alike are one."""
    found = []
    for each in running:
        labels = dict(each["metadata"].get("labels") or {})
        if labels.get("component") == COMPONENT or labels.get("app.kubernetes.io/component") == COMPONENT:
            labels |= {"hub.jupyter.org/username": "{username}", "hub.jupyter.org/servername": ""}
            found.append({**each, "metadata": {**each["metadata"], "labels": labels}})
    return found


def _without_owner(running: Iterable[Manifest], workloads: Sequence[Manifest]) -> list[Manifest]:
    """The pods that none of the workloads selects, as templates of their own; users' pods are told apart elsewhere."""
    selectors = [((each.get("spec") or {}).get("selector") or {}).get("matchLabels") or {} for each in workloads]
    users = {each["metadata"]["name"] for each in _users(running)}
    found = []
    for each in running:
        labels = each["metadata"].get("labels") or {}
        if each["metadata"]["name"] in users or any(s and s.items() <= labels.items() for s in selectors):
            continue
        found.append(each)
    return found


def _addresses_of(pod: Manifest) -> Addresses:
    status = pod.get("status") or {}
    texts = [str(each.get("ip")) for each in status.get("podIPs") or ()] or [str(status.get("podIP") or "")]
    return _networks(texts)


def _networks(texts: Iterable[Any]) -> Addresses:
    found = NONE
    for text in texts:
        try:
            found |= network(str(text))
        except ValueError:
            continue
    return found


def _pod_addresses(nodes: Iterable[Manifest], running: Iterable[Manifest]) -> Addresses:
    """The addresses that pods have: the nodes' ranges and those that run; private ones where neither is known."""
    ranges = [text for each in nodes for text in (each.get("spec") or {}).get("podCIDRs") or ()]
    found = _networks(ranges)
    for each in running:
        if not (each.get("spec") or {}).get("hostNetwork"):
            found |= _addresses_of(each)
    return found or PRIVATE | PRIVATE_6


def _api_addresses(reading: _Reading) -> Addresses | None:
    """The addresses of the Kubernetes API as pods reach it; None where they cannot be read."""
    slices = reading.all("discovery.k8s.io/v1", "EndpointSlice", "default", "kubernetes.io/service-name=kubernetes")
    ends = [end for each in slices for end in each.get("endpoints") or ()]
    return _networks(text for end in ends for text in end.get("addresses") or ()) or None


def _addressed(party: PodParty, running: Iterable[Manifest]) -> PodParty:
    """A workload with the addresses that its pods have now."""
    found = NONE
    for each in running:
        if party.labels.items() <= (each["metadata"].get("labels") or {}).items():
            found |= _addresses_of(each)
    return replace(party, addresses=found) if found else party
