"""Records as Helm's Secrets and back: JSON, gzip, base64, and the base64 of every Secret around it."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from typing import Any

from chart_py.errors import ClusterError
from chart_py.manifest import Manifest
from chart_py.release.record import Head, Record, Status

TYPE = "helm.sh/release.v1"
OWNER = "helm"
MOST_BYTES = 1_048_576
"""The most that the values of a Secret may come to, by Kubernetes' rule."""

_SYSTEM_LABELS = frozenset({"name", "owner", "status", "version", "createdAt", "modifiedAt"})
_INFO = ("description", "first_deployed", "last_deployed", "deleted", "notes")
_GZIP = b"\x1f\x8b\x08"


class UnreadableRecordError(ClusterError):
    """A Secret that should hold a record does not: `secret` is its name."""

    def __init__(self, secret: str, reason: str) -> None:
        self.secret = secret
        super().__init__(f"Secret/{secret} holds no readable release: {reason}", "Delete it if it is not needed.")


def secret_name(name: str, version: int) -> str:
    """The name of the Secret of a revision."""
    return f"sh.helm.release.v1.{name}.v{version}"


def payload(record: Record) -> bytes:
    """A record as the bytes that its Secret holds: base64 of gzip of JSON. The same record gives the same bytes."""
    info = {"status": record.status.value, **record.more_info}
    for word in _INFO:
        value = getattr(record, word)
        # Helm writes no empty time and no empty notes, but always a description.
        if value or word == "description":
            info[word] = value
    data = {
        **record.more,
        "name": record.name,
        "info": info,
        "chart": dict(record.chart),
        "config": dict(record.config),
        "manifest": record.manifest,
        "hooks": [dict(hook) for hook in record.hooks],
        "version": record.version,
        "namespace": record.namespace,
        "apply_method": record.apply_method,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).encode()
    return base64.b64encode(gzip.compress(text, 9, mtime=0))


def to_secret(record: Record, now: int) -> Manifest:
    """The Secret of a record that is written at `now`, in seconds since the epoch."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": secret_name(record.name, record.version),
            "namespace": record.namespace,
            "labels": {
                **record.labels,
                "name": record.name,
                "owner": OWNER,
                "status": record.status.value,
                "version": str(record.version),
                "modifiedAt": str(now),
            },
        },
        "type": TYPE,
        "data": {"release": base64.b64encode(payload(record)).decode()},
    }


def from_secret(secret: Manifest) -> Record:
    """The record that a Secret holds; raises UnreadableRecordError."""
    meta = secret["metadata"]
    try:
        packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
        text = gzip.decompress(packed) if packed.startswith(_GZIP) else packed
        data: dict[str, Any] = json.loads(text)
        info: dict[str, Any] = data.pop("info", None) or {}
        known = {word: str(info.pop(word, None) or "") for word in _INFO}
        return Record(
            name=str(data.pop("name")),
            namespace=str(data.pop("namespace", meta.get("namespace", ""))),
            version=int(data.pop("version")),
            status=_status(info.pop("status", "")),
            manifest=str(data.pop("manifest", "")),
            config=data.pop("config", None) or {},
            chart=data.pop("chart", None) or {},
            hooks=tuple(data.pop("hooks", None) or ()),
            # Releases of Helm 3 do not say; they were applied by the client.
            apply_method=str(data.pop("apply_method", "csa") or "csa"),
            labels={k: v for k, v in (meta.get("labels") or {}).items() if k not in _SYSTEM_LABELS},
            more=data,
            more_info=info,
            **known,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OSError, EOFError, zlib.error, binascii.Error):
        raise UnreadableRecordError(str(meta.get("name", "")), "its data is damaged") from None


def head_of(secret: Manifest) -> Head | None:
    """What the labels of a record's Secret say; None where it is no record."""
    meta = secret.get("metadata") or {}
    labels = meta.get("labels") or {}
    version = str(labels.get("version", ""))
    if labels.get("owner") != OWNER or not version.isdigit() or not labels.get("name"):
        return None
    modified = str(labels.get("modifiedAt") or labels.get("createdAt") or "")
    return Head(
        str(labels["name"]),
        str(meta.get("namespace", "")),
        int(version),
        _status(labels.get("status", "")),
        int(modified) if modified.isdigit() else 0,
    )


def _status(word: Any) -> Status:
    try:
        return Status(word)
    except ValueError:
        return Status.UNKNOWN
