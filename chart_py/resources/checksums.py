"""The annotations of pod templates that restart pods when what they read changes."""

from __future__ import annotations

ANNOTATIONS = frozenset(
    {
        "checksum/auth-token",
        "checksum/config-map",
        "checksum/proxy-secret",
        "checksum/secret",
        "checksum/static-config",
    }
)
"""Those that builders compute; any other is somebody's own."""
