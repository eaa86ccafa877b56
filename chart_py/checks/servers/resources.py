"""Contradictions about users' servers: resources, placeholders, storage, the metadata server."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path
from chart_py.quantity import amount, memory


@row(
    "guarantee-above-limit",
    Level.ERROR,
    remedy="Raise the limit, or lower the guarantee.",
    example="singleuser: {memory: {guarantee: 4G, limit: 2G}}",
)
def above_limits(facts: Facts) -> Iterator[Said]:
    """A guarantee is above its limit: Kubernetes rejects every such pod."""
    user = facts.values.singleuser
    for word, section, read in (("memory", user.memory, memory), ("cpu", user.cpu, amount)):
        least, most = (read(value) for value in (section.guarantee, section.limit))
        if least is not None and most is not None and least > most:
            set_word = "guarantee" if facts.written("singleuser", word, "guarantee") else "limit"
            message = f"the guarantee {section.guarantee} is above the limit {section.limit}; no server can start"
            yield Said(("singleuser", word, set_word), message)
    for name, value in user.extraResource.guarantees.items():
        if "/" in name and amount(user.extraResource.limits.get(name)) != amount(value):
            message = f"{name} needs a limit equal to its guarantee; no server can start"
            yield Said(("singleuser", "extraResource", "guarantees", name), message, f"Add limits: {{{name}: {value}}}")
    for path in sorted(facts.below("resources"), key=str):
        resources = facts.at(path)
        requests, limits = (
            (resources.get(w) or {} if isinstance(resources, dict) else {}) for w in ("requests", "limits")
        )
        if isinstance(requests, dict) and isinstance(limits, dict):
            for name in requests.keys() & limits.keys():
                least, most = amount(requests[name]), amount(limits[name])
                if least is not None and most is not None and least > most:
                    message = f"the request {requests[name]} is above the limit {limits[name]}; the pod is rejected"
                    yield Said((*path, "requests", name), message)


@row(
    "placeholder-priority",
    Level.WARNING,
    remedy="Add scheduling.podPriority.enabled: true",
    example="scheduling: {userPlaceholder: {replicas: 3}}",
)
def placeholders_stay(facts: Facts) -> Iterator[Said]:
    """Placeholders do not make way for users' servers."""
    scheduling = facts.values.scheduling
    placeholders = scheduling.userPlaceholder.enabled and scheduling.userPlaceholder.replicas
    if placeholders and not scheduling.podPriority.enabled:
        message = "placeholders do not make way: without pod priority they rank the same as users' servers"
        yield Said(("scheduling", "userPlaceholder", "replicas"), message)


@row(
    "placeholder-small",
    Level.WARNING,
    remedy="Remove userPlaceholder.resources to use a server's own, or raise them to the largest server's.",
    example=(
        "scheduling:\n  podPriority: {enabled: true}\n"
        "  userPlaceholder: {replicas: 3, resources: {requests: {memory: 1Gi}}}\n"
        "singleuser: {memory: {guarantee: 4G}}"
    ),
)
def placeholders_small(facts: Facts) -> Iterator[Said]:
    """A placeholder reserves less than a server needs."""
    placeholder, user = facts.values.scheduling.userPlaceholder, facts.values.singleuser
    if not (placeholder.enabled and placeholder.replicas):
        return
    requests = placeholder.resources.get("requests") or placeholder.resources.get("limits") or {}
    requests = requests if isinstance(requests, dict) else {}
    own = {"memory": memory(user.memory.guarantee), "cpu": amount(user.cpu.guarantee)}
    room = {name: amount(requests.get(name)) if placeholder.resources else own[name] for name in own}
    for name, wanted in own.items() if placeholder.resources else ():
        if wanted is not None and wanted > (room[name] or 0):
            path = ("scheduling", "userPlaceholder", "resources")
            yield Said(
                path, f"a placeholder has less {name} than a server is guaranteed; the next server waits for a node"
            )
    for index, profile in enumerate(user.profileList):
        override = profile.get("kubespawner_override") if isinstance(profile, dict) else None
        if isinstance(override, dict):
            for name, word, read in (("memory", "mem_guarantee", memory), ("cpu", "cpu_guarantee", amount)):
                wanted = read(override.get(word))
                if wanted is not None and wanted > (room[name] or 0):
                    here = ("singleuser", "profileList", index, "kubespawner_override", word)
                    yield Said(here, f"this profile needs more {name} than a placeholder reserves")


@row(
    "metadata-blocked",
    Level.WARNING,
    remedy="To allow it, add singleuser.cloudMetadata.blockWithIptables: false; otherwise remove the allow rule.",
    example="singleuser: {networkPolicy: {egressAllowRules: {cloudMetadataServer: true}}}",
)
def metadata_twice(facts: Facts) -> Iterator[Said]:
    """The metadata server is both allowed and blocked."""
    user = facts.values.singleuser
    allowed = user.networkPolicy.enabled and user.networkPolicy.egressAllowRules.cloudMetadataServer
    if user.cloudMetadata.blockWithIptables and allowed:
        path = ("singleuser", "networkPolicy", "egressAllowRules", "cloudMetadataServer")
        yield Said(path, "the policy allows the metadata server, but blockWithIptables blocks it")


@row(
    "pull-secret",
    Level.WARNING,
    remedy="Add registry, username and password; Docker Hub's registry is https://index.docker.io/v1/",
    example="imagePullSecret: {create: true, username: robot, password: abc}",
)
def registry(facts: Facts) -> Iterator[Said]:
    """A pull secret is incomplete, or not created."""
    secret = facts.values.imagePullSecret
    if secret.create:
        missing = [word for word in ("registry", "username", "password") if not getattr(secret, word)]
        if missing:
            yield Said(("imagePullSecret",), f"the pull secret has no {', no '.join(missing)}; it grants no access")
    elif secret.registry or secret.username or secret.password:
        yield Said(("imagePullSecret",), "this pull secret is not created", "Add imagePullSecret.create: true")


@row(
    "shared-home",
    Level.WARNING,
    remedy="Write singleuser.storage.static: {pvcName: homes, subPath: '{username}'}",
    example="singleuser: {storage: {type: static, static: {pvcName: homes, subPath: home}}}",
)
def shared_home(facts: Facts) -> Iterator[Said]:
    """Static storage has no claim, or one folder for all users."""
    storage = facts.values.singleuser.storage
    if storage.type == "static":
        if not storage.static.pvcName:
            path: Path = ("singleuser", "storage", "static")
            yield Said(path, "static storage needs the name of its claim; no server can start", level=Level.ERROR)
        elif "{" not in (storage.static.subPath or ""):
            path = ("singleuser", "storage", "static", "subPath")
            yield Said(path, "all users share one home folder: everyone reads and writes everyone's files")


RULES = rules_of(globals())
