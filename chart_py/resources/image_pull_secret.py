"""The Secret with the credentials of a private registry."""

from __future__ import annotations

import json

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.extra_files import encoded
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.root import Values

# Made before the hook's pullers, which need it, and never removed: everybody's pods need it too.
HOOK = {
    "helm.sh/hook": "pre-install,pre-upgrade",
    "helm.sh/hook-delete-policy": "before-hook-creation",
    "helm.sh/hook-weight": "-20",
}


def image_pull_secret(values: Values, context: Context) -> Manifest | None:
    """The Secret, as `docker login` would write it."""
    names, words = Names(values, context), values.imagePullSecret
    if not words.create:
        return None
    user, password = words.username or "", words.password or ""
    login = {"username": user, "password": password, "auth": encoded(f"{user}:{password}")}
    if words.email:
        login["email"] = words.email
    config = json.dumps({"auths": {words.registry or "": login}}, ensure_ascii=False)
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata(names, context, "image-pull-secret", names.named("image-pull-secret"), annotations=HOOK),
        "type": "kubernetes.io/dockerconfigjson",
        "data": {".dockerconfigjson": encoded(config)},
    }
