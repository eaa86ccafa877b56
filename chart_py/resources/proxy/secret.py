"""The Secret with the certificate that stands in the values."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.extra_files import encoded
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.resources.proxy.https import https_way
from chart_py.values.root import Values

CERTIFICATE, KEY = "tls.crt", "tls.key"


def secret_name(values: Values, names: Names) -> str | None:
    """The Secret that holds the proxy's certificate: ours for https of type manual, or the one that exists."""
    own = https_way(values) == "manual"
    return names.named("proxy-public-manual-tls") if own else values.proxy.https.secret.name


def tls_data(values: Values) -> dict[str, str] | None:
    """The certificate and its key, base64; None where https is not of type manual."""
    manual = values.proxy.https.manual
    if https_way(values) != "manual":
        return None
    return {CERTIFICATE: encoded(manual.cert or ""), KEY: encoded(manual.key or "")}


def secret(values: Values, context: Context) -> Manifest | None:
    """The Secret."""
    names, data = Names(values, context), tls_data(values)
    if data is None:
        return None
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata(names, context, "proxy", names.named("proxy-public-manual-tls")),
        "type": "kubernetes.io/tls",
        "data": data,
    }
