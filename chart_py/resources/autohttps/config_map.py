"""traefik's configuration: the static one that it starts with, and the dynamic one that it watches."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.manifest.clean import clean
from chart_py.manifest.documents import to_yaml
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.resources.proxy.https import https_way
from chart_py.values.base import Map
from chart_py.values.merge import layered
from chart_py.values.root import Values

CERTIFICATES = "/etc/acme/acme.json"
STATIC, DYNAMIC = "traefik.yaml", "dynamic.yaml"
# Those of Mozilla's "intermediate" recommendation that TLS 1.2 can choose from; TLS 1.3 has its own.
_CIPHERS = [
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
]


def config_map(values: Values, context: Context) -> Manifest | None:
    """The ConfigMap."""
    names = Names(values, context)
    if https_way(values) != "letsencrypt":
        return None
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(names, context, "autohttps", names.named("autohttps")),
        "data": {STATIC: to_yaml(static_config(values)), DYNAMIC: to_yaml(dynamic_config(values, names))},
    }


def static_config(values: Values) -> Map:
    """What traefik reads once, when it starts, with `extraStaticConfig` laid over it."""
    letsencrypt = values.proxy.https.letsencrypt
    secret_headers = ("Authorization", "Cookie", "Set-Cookie", "X-Xsrftoken")
    own = {
        "accessLog": {
            "fields": {"headers": {"names": dict.fromkeys(secret_headers, "redacted")}},
            "filters": {"statusCodes": ["500-599"]},
        },
        "certificatesResolvers": {
            "default": {
                "acme": {
                    "email": letsencrypt.contactEmail,
                    "httpChallenge": {"entryPoint": "http"},
                    "storage": CERTIFICATES,
                    "caServer": letsencrypt.acmeServer or None,
                }
            }
        },
        "entryPoints": {
            "http": {"address": ":8080"},
            # Notebooks keep websockets open that say nothing for a while.
            "https": {"address": ":8443", "transport": {"respondingTimeouts": {"idleTimeout": "10m0s"}}},
        },
        "log": {"level": "DEBUG" if values.debug.enabled else "WARN"},
        "providers": {"file": {"filename": f"/etc/traefik/{DYNAMIC}"}},
    }
    return _laid_over(own, values.proxy.traefik.extraStaticConfig)


def dynamic_config(values: Values, names: Names) -> Map:
    """What traefik follows while it runs, with `extraDynamicConfig` laid over it."""
    hsts = values.proxy.traefik.hsts
    own = {
        "http": {
            "middlewares": {
                "hsts": {
                    "headers": {
                        "stsIncludeSubdomains": hsts.includeSubdomains,
                        "stsPreload": hsts.preload,
                        "stsSeconds": hsts.maxAge,
                    }
                },
                "redirect": {"redirectScheme": {"permanent": True, "scheme": "https"}},
                "scheme": {"headers": {"customRequestHeaders": {"X-Scheme": "https"}}},
            },
            "routers": {
                "default": {
                    "entrypoints": ["https"],
                    "middlewares": ["hsts", "scheme"],
                    "rule": "PathPrefix(`/`)",
                    "service": "default",
                    "tls": {
                        "certResolver": "default",
                        "domains": [{"main": host} for host in values.proxy.https.hosts],
                        "options": "default",
                    },
                },
                "insecure": {
                    "entrypoints": ["http"],
                    "middlewares": ["redirect"],
                    "rule": "PathPrefix(`/`)",
                    "service": "default",
                },
            },
            "services": {
                "default": {"loadBalancer": {"servers": [{"url": f"http://{names.named('proxy-http')}:8000/"}]}}
            },
        },
        "tls": {"options": {"default": {"cipherSuites": _CIPHERS, "minVersion": "VersionTLS12", "sniStrict": True}}},
    }
    return _laid_over(own, values.proxy.traefik.extraDynamicConfig)


def tree_with_traefik(values: Values, names: Names) -> Map:
    """`values.tree` as the hub reads it: with traefik, the words that add to its configuration hold the whole of it."""
    tree = values.tree
    if https_way(values) != "letsencrypt":
        return tree
    proxy = tree.get("proxy") or {}
    traefik = {
        **(proxy.get("traefik") or {}),
        "extraStaticConfig": static_config(values),
        "extraDynamicConfig": dynamic_config(values, names),
    }
    return {**tree, "proxy": {**proxy, "traefik": traefik}}


def _laid_over(own: Map, more: Map) -> Map:
    """`own` with the user's words over it, by the law by which values files merge: null takes a word away."""
    made: Map = clean(layered(own, [more]))
    return made
