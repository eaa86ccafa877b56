"""Checksums of data, so that a pod is replaced when, and only when, what it reads has changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def checksum(data: Any) -> str:
    """The SHA-256 of `data` as hex; the order of a map's words does not count."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
