"""Owns ten hubs in settings of charts 0.6 and 0.7, as schools and laboratories had them."""

from __future__ import annotations

from typing import Any

TOKEN = "ab" * 32

HUBS: dict[str, dict[str, Any]] = {
    "github-list": {
        "auth": {
            "type": "github",
            "github": {
                "clientId": "one",
                "clientSecret": "two",
                "callbackUrl": "https://a.example.org/hub/oauth_callback",
            },
            "whitelist": {"users": ["ada", "grace"]},
            "admin": {"users": ["ada"]},
        },
        "hub": {"uid": 1000, "cookieSecret": TOKEN},
        "proxy": {
            "secretToken": TOKEN,
            "https": {"hosts": ["a.example.org"], "letsencrypt": {"contactEmail": "a@example.org"}},
        },
    },
    "github-open": {
        "auth": {"type": "github", "github": {"clientId": "one", "clientSecret": "two"}},
        "proxy": {"secretToken": TOKEN},
        "singleuser": {"image": {"name": "jupyter/scipy-notebook", "tag": "16.10"}, "memory": {"limit": "1G"}},
    },
    "google": {
        "auth": {
            "type": "google",
            "google": {
                "clientId": "one",
                "clientSecret": "two",
                "hostedDomain": "example.edu",
                "loginService": "Example",
            },
        },
        "singleuser": {"storage": {"capacity": "2Gi"}, "cpu": {"guarantee": 0.5}},
    },
    "dummy-policies": {
        "auth": {"type": "dummy", "dummy": {"password": "one"}},
        "singleuser": {"networkPolicy": {"enabled": True}},
        "hub": {"networkPolicy": {"enabled": True}},
    },
    "custom": {
        "auth": {
            "type": "custom",
            "custom": {
                "className": "oauthenticator.generic.GenericOAuthenticator",
                "config": {"client_id": "one", "client_secret": "two", "token_url": "https://id.example.org/token"},
            },
            "admin": {"access": False, "users": ["ada"]},
        },
        "hub": {"extraConfig": {"mine": "c.JupyterHub.log_level = 'DEBUG'\n"}},
    },
    "ldap": {
        "auth": {
            "type": "ldap",
            "ldap": {"server": {"address": "ldap.example.org"}, "dn": {"templates": ["uid={username},dc=example"]}},
        },
        "cull": {"enabled": True, "timeout": 3600, "every": 300},
    },
    "state": {
        "auth": {
            "type": "globus",
            "globus": {"clientId": "one", "clientSecret": "two"},
            "state": {"enabled": True, "cryptoKey": TOKEN},
            "whitelist": {"users": ["ada"]},
        },
        "prePuller": {"hook": {"enabled": False}},
    },
    "scheduler": {
        "auth": {"type": "tmp"},
        "scheduling": {"userScheduler": {"enabled": True}, "podPriority": {"enabled": True}},
        "singleuser": {"extraEnv": {"A": "1"}, "nodeSelector": {"pool": "users"}},
    },
    "database": {
        "auth": {"type": "github", "github": {"clientId": "one", "clientSecret": "two", "orgWhitelist": ["lab"]}},
        "hub": {"db": {"type": "postgres", "url": "postgresql://hub@db/hub", "password": "three"}, "uid": 1},
    },
    "ingress": {
        "auth": {"type": "hmac", "hmac": {"secretKey": TOKEN}, "whitelist": {"users": ["ada"]}},
        "ingress": {"enabled": True, "hosts": ["a.example.org"]},
        "proxy": {"service": {"type": "ClusterIP"}, "networkPolicy": {"enabled": True}},
    },
}
