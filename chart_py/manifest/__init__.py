"""Kubernetes objects as plain data: their keys, order, text and checksums. Nothing here knows JupyterHub."""

from __future__ import annotations

from typing import Any

Manifest = dict[str, Any]
"""One Kubernetes object: apiVersion, kind, metadata and what its kind has."""
