"""Which way to https is on: who ends TLS."""

from __future__ import annotations

from typing import Literal

from chart_py.values.root import Values

Way = Literal["letsencrypt", "manual", "secret", "offload"]


def https_way(values: Values) -> Way | None:
    """The way to https; None for http alone, also where Let's Encrypt has no host to ask a certificate for."""
    https = values.proxy.https
    if not https.enabled or not https.type or (https.type == "letsencrypt" and not https.hosts):
        return None
    return https.type


def proxy_ends_tls(values: Values) -> bool:
    """Whether configurable-http-proxy itself has the certificate."""
    return https_way(values) in ("manual", "secret")
