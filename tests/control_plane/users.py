"""Owns who may talk to the API server: users with their tokens, kubeconfig files, the service accounts' signing key."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

ADMIN = "admin"
STRANGERS = ("nobody", "alice", "bob")
"""Users without any right of their own: `nobody` stays so, a test may bind roles to the others."""

_SERVERS = ("controller-manager", "scheduler", "kwok")
_MASTERS = (ADMIN, *_SERVERS)

# The order of the curve P-256: a private key is a number from 1 to one less than it.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def make_tokens() -> dict[str, str]:
    """Return a new token for each user and each server."""
    return {user: secrets.token_hex(16) for user in (*_MASTERS, *STRANGERS)}


def write_token_file(path: Path, tokens: dict[str, str]) -> None:
    """Write the file of kube-apiserver's --token-auth-file: token, user, uid and groups in each line."""
    lines = [
        f"{token},{user},{user}" + (',"system:masters"' if user in _MASTERS else "") for user, token in tokens.items()
    ]
    _write_private(path, "\n".join(lines) + "\n")


def write_kubeconfig(path: Path, server: str, authority: Path, token: str, namespace: str = "default") -> Path:
    """Write a kubeconfig file (JSON, which is YAML too) with one context, `control-plane`; return its path."""
    name = "control-plane"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": server, "certificate-authority": str(authority)}}],
        "users": [{"name": name, "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, "namespace": namespace}}],
        "current-context": name,
    }
    _write_private(path, json.dumps(config, indent=2) + "\n")
    return path


def write_signing_key(path: Path) -> None:
    """Write a new private key (P-256, PEM) that signs and verifies service account tokens.

    The standard library makes no keys, but in the format of RFC 5915 the public half may be left out, and what is
    then left is a random number in a fixed frame: version 1, the 32 bytes, the curve's object identifier.
    """
    number = (secrets.randbelow(_P256_ORDER - 1) + 1).to_bytes(32, "big")
    der = bytes.fromhex("30310201010420") + number + bytes.fromhex("a00a06082a8648ce3d030107")
    text = base64.encodebytes(der).decode("ascii")
    _write_private(path, f"-----BEGIN EC PRIVATE KEY-----\n{text}-----END EC PRIVATE KEY-----\n")


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
