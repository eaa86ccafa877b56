"""The defaults by chart version: the models' own are 4.4.0's; older versions are what differs from them."""

from __future__ import annotations

from typing import Any

TODAY = "4.4.0"

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

GUIDE: dict[str, Any] = {
    "hub": {"networkPolicy": _OFF},
    "proxy": {"chp": {"networkPolicy": _OFF}, "traefik": {"networkPolicy": _OFF}, "https": {"enabled": True}},
    "singleuser": {"networkPolicy": {"enabled": False, "egress": _BUT_METADATA, "egressAllowRules": _NO_RULES}},
    "scheduling": {"userScheduler": {"enabled": False}, "userPlaceholder": {"enabled": False}},
    "prePuller": {"continuous": {"enabled": False}},
}
"""What the guide of 2018 had for defaults, where today's are others."""

PRESETS: dict[str, dict[str, Any]] = {TODAY: {}, "0.7": GUIDE, "0.6": GUIDE}
