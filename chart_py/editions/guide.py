"""The charts of the guide of 2018, 0.6 and 0.7: their defaults where today's are others, and what those meant."""

from __future__ import annotations

from typing import Any

_NO_RULES = {
    "cloudMetadataServer": False,
    "dnsPortsCloudMetadataServer": False,
    "dnsPortsKubeSystemNamespace": False,
    "dnsPortsPrivateIPs": False,
    "nonPrivateIPs": False,
    "privateIPs": False,
}
_ANYWHERE = [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]
_BUT_METADATA = [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]}]
_OFF = {"enabled": False, "egress": _ANYWHERE, "egressAllowRules": _NO_RULES}

DEFAULTS: dict[str, Any] = {
    "hub": {"networkPolicy": _OFF},
    "proxy": {"chp": {"networkPolicy": _OFF}, "traefik": {"networkPolicy": _OFF}, "https": {"enabled": True}},
    "singleuser": {"networkPolicy": {"enabled": False, "egress": _BUT_METADATA, "egressAllowRules": _NO_RULES}},
    "scheduling": {"userScheduler": {"enabled": False}, "userPlaceholder": {"enabled": False}},
    "prePuller": {"continuous": {"enabled": False}},
}
"""What the guide of 2018 had for defaults, where today's are others."""

KEPT: dict[str, tuple[str, str]] = {
    f"{pods}.networkPolicy{word}": meaning
    for pods in ("hub", "proxy.chp", "proxy.traefik", "singleuser")
    for word, meaning in {
        "": ("no NetworkPolicy", "there is one, with ready-made rules"),
        ".enabled": ("no NetworkPolicy", "there is one"),
        ".egress": ("pods may connect to anywhere", "only to what egressAllowRules allow"),
        ".egressAllowRules": ("no ready-made rules beside egress", "most of them are on"),
        **{f".egressAllowRules.{rule}": ("no such rule beside egress", "it is on") for rule in _NO_RULES},
    }.items()
} | {
    "proxy.https.enabled": ("https as soon as it has a host", "https is off until it is enabled"),
    "scheduling.userScheduler.enabled": ("the cluster's own scheduler", "one that fills a node before the next"),
    "scheduling.userPlaceholder.enabled": ("no placeholders", "placeholders, as many as `replicas`"),
    "prePuller.continuous.enabled": ("no images pulled on new nodes", "they are pulled there too"),
}
"""What `DEFAULTS` mean by path: how it was with the guide's chart, and what today's default is instead."""
