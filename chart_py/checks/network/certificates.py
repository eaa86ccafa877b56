"""The certificate and key that a configuration brings: PEM, belonging together, in time, and for the hub's names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from chart_py.checks.code import Code
from chart_py.extras import need
from chart_py.finding import Finding, Level, Path
from chart_py.values.load import Loaded

CODES = (
    Code(
        "certificate",
        Level.WARNING,
        "The certificate or its key is not usable, expired, or for other names.",
        "Give a matching pair, in PEM.",
        "proxy: {https: {enabled: true, type: manual, hosts: [hub.example.org], manual: {key: a, cert: b}}}",
    ),
)

_MANUAL: Path = ("proxy", "https", "manual")
_SOON = timedelta(days=30)


def check(loaded: Loaded, now: datetime | None = None) -> list[Finding]:
    """What is wrong with `proxy.https.manual`, where it is used. `now` is the time to compare with, in UTC."""
    https = loaded.values.proxy.https
    if not (https.enabled and https.type == "manual" and https.manual.key and https.manual.cert):
        return []
    hosts = [str(host) for host in https.hosts]
    said = faults(https.manual.cert, https.manual.key, hosts, now or datetime.now(timezone.utc))
    return [
        Finding(Level.WARNING, "certificate", (*_MANUAL, word), message, loaded.sources.place((*_MANUAL, word)), advice)
        for word, message, advice in said
    ]


def faults(cert: str, key: str, hosts: list[str], now: datetime) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The word it is about, what is wrong, and advice; neither text is ever repeated."""
    certificates, private = _certificates(cert), _key(key)
    if not certificates:
        yield "cert", "not a PEM certificate", ("It starts with -----BEGIN CERTIFICATE-----",)
    if private is None:
        begins = "It starts with -----BEGIN PRIVATE KEY----- or the like, and has no password."
        yield "key", "not a PEM private key", (begins,)
    if not certificates:
        return
    first = certificates[0]
    if private is not None and _public(first.public_key()) != _public(private.public_key()):
        others = any(_public(other.public_key()) == _public(private.public_key()) for other in certificates[1:])
        advice = ("Put the hub's own certificate first, followed by those that signed it.",) if others else ()
        yield "key", "this key does not belong to the certificate", advice
    if first.not_valid_after_utc < now:
        yield "cert", f"this certificate expired on {first.not_valid_after_utc:%Y-%m-%d}", ()
    elif first.not_valid_after_utc < now + _SOON:
        yield "cert", f"this certificate expires on {first.not_valid_after_utc:%Y-%m-%d}", ()
    if first.not_valid_before_utc > now:
        yield "cert", f"this certificate is not valid before {first.not_valid_before_utc:%Y-%m-%d}", ()
    names = _names(first)
    for host in hosts:
        if not any(_covers(name, host) for name in names):
            yield "cert", f"this certificate is not for {host}", (f"It is for {', '.join(names) or 'no name'}.",)


def _certificates(text: str) -> list[Any]:
    need("cryptography")
    from cryptography import x509

    try:
        return list(x509.load_pem_x509_certificates(text.encode()))
    except ValueError:
        return []


def _key(text: str) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def _public(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    made: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return made


def _names(certificate: Any) -> list[str]:
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    return [*names.get_values_for_type(x509.DNSName), *addresses]


def _covers(name: str, host: str) -> bool:
    """Whether a certificate's name is good for a host; a star stands for one part."""
    pattern = re.escape(name.lower()).replace(r"\*", "[^.]+", 1) if name.startswith("*.") else re.escape(name.lower())
    return re.fullmatch(pattern, host.lower()) is not None
