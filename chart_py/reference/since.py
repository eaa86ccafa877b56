"""Since which chart there is a setting: by the table of editions, and by the guide of 2018 for what is older."""

from __future__ import annotations

import json

from chart_py.editions.releases import RELEASES
from chart_py.editions.settings import history
from chart_py.editions.table import CHANGES
from chart_py.finding import Path, dotted

GUIDE = frozenset(
    """
    cull cull.enabled cull.every cull.timeout cull.users debug debug.enabled hub hub.annotations
    hub.cookieSecret hub.db hub.db.password hub.db.pvc hub.db.pvc.annotations hub.db.pvc.selector
    hub.db.pvc.storage hub.db.type hub.db.upgrade hub.db.url hub.extraConfig hub.extraContainers hub.extraEnv
    hub.fsGid hub.image hub.image.name hub.image.tag hub.labels hub.networkPolicy hub.networkPolicy.egress
    hub.networkPolicy.enabled hub.resources hub.service hub.service.annotations hub.service.ports
    hub.service.type hub.services ingress ingress.annotations ingress.enabled ingress.hosts ingress.tls
    prePuller prePuller.continuous prePuller.continuous.enabled prePuller.extraImages prePuller.hook
    prePuller.hook.enabled proxy proxy.chp proxy.chp.image proxy.chp.image.name proxy.chp.image.tag
    proxy.chp.resources proxy.https proxy.https.enabled proxy.https.hosts proxy.https.letsencrypt
    proxy.https.letsencrypt.contactEmail proxy.https.manual proxy.https.manual.cert proxy.https.manual.key
    proxy.https.type proxy.labels proxy.secretToken proxy.service proxy.service.annotations proxy.service.labels
    proxy.service.nodePorts proxy.service.nodePorts.http proxy.service.nodePorts.https proxy.service.type rbac
    singleuser singleuser.cloudMetadata singleuser.cloudMetadata.ip singleuser.cmd singleuser.cpu
    singleuser.cpu.guarantee singleuser.cpu.limit singleuser.defaultUrl singleuser.events singleuser.extraEnv
    singleuser.extraResource singleuser.extraResource.guarantees singleuser.extraResource.limits
    singleuser.fsGid singleuser.image singleuser.image.name singleuser.image.tag singleuser.lifecycleHooks
    singleuser.lifecycleHooks.postStart singleuser.memory singleuser.memory.guarantee singleuser.memory.limit
    singleuser.networkPolicy singleuser.networkPolicy.egress singleuser.networkPolicy.enabled
    singleuser.serviceAccountName singleuser.storage singleuser.storage.capacity singleuser.storage.dynamic
    singleuser.storage.dynamic.storageClass singleuser.storage.static singleuser.storage.type singleuser.uid
    """.split()  # noqa: SIM905
)


def editions(path: Path) -> tuple[tuple[str, str], ...]:
    """Since when there is the setting, what its default was before, and until when there is one: as labelled facts."""
    facts = [("Since", since(path))]
    for change in CHANGES:
        for setting in change.settings:
            if setting.steps == path and not (setting.added or setting.removed) and setting.before != setting.after:
                was = "not set" if setting.before is None else json.dumps(setting.before, ensure_ascii=False)
                facts.append(("Earlier", f"{was}, before chart {change.since}"))
    if gone := history(path).gone:
        later = history(path).later
        facts.append(("Until", f"chart {gone.since}{f', where {later} takes its place' if later else ''}"))
    return tuple(facts)


def since(path: Path) -> str:
    """The chart that brought the setting, as far as is known."""
    if came := history(path).came:
        return f"chart {came.since}"
    return "chart 0.7 or earlier" if dotted(path) in GUIDE else f"between chart 0.7 and {next(iter(RELEASES))}"
