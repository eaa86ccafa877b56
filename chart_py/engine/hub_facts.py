"""The live facts that a render of a hub takes from its cluster: secrets that exist, images that are pulled already."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace

from chart_py.cluster.interface import Cluster, Ref
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.engine.standing import Standing, manifests_of
from chart_py.manifest import Manifest
from chart_py.manifest.key import Key
from chart_py.rendering import context_for
from chart_py.resources.names import Names
from chart_py.values.load import Loaded

PULLED = "checksum_hook-image-puller"


def context_of(cluster: Cluster, loaded: Loaded, standing: Standing, kube_version: str | None = None) -> Context:
    """The context in which `loaded` is rendered for a release as it stands: its secrets are those that it has."""
    plain = Context(
        release=standing.release,
        namespace=standing.namespace,
        revision=standing.last_version + 1,
        is_upgrade=standing.deployed is not None,
        kube_version=kube_version,
    )
    name = Names(loaded.values, plain).hub
    known = known_secrets(cluster, standing, name)
    return replace(context_for(loaded, plain, known=known), pulled_images=pulled_images(cluster, standing, name))


def known_secrets(cluster: Cluster, standing: Standing, name: str) -> dict[str, str]:
    """The texts in the hub's Secret by key: the live one's, else those that a revision's record holds."""
    if not standing.has_namespace:
        return {}
    live = cluster.get(Ref("v1", "Secret", standing.namespace, name))
    if live is not None and not standing.unfinished:
        return secret_texts(live)
    recorded = standing.recorded.get(Key("", "Secret", standing.namespace, name))
    return {**secret_texts(recorded), **secret_texts(live)}


def pulled_images(cluster: Cluster, standing: Standing, name: str) -> str | None:
    """The checksum of the images that the last upgrade has pulled; None where that is not known."""
    if not standing.has_namespace or standing.deployed is None:
        return None
    if standing.unfinished:
        # The live ConfigMap may be of a run that was ended before its images were pulled.
        recorded = {(each["kind"], each["metadata"]["name"]): each for each in manifests_of(standing.deployed)}
        found = recorded.get(("ConfigMap", name))
    else:
        found = cluster.get(Ref("v1", "ConfigMap", standing.namespace, name))
    return ((found or {}).get("data") or {}).get(PULLED)


def context_beside(loaded: Loaded, manifests: list[Manifest], release: str, namespace: str) -> Context:
    """The context in which `loaded` is compared with objects that are no cluster's: their secrets are kept."""
    plain = Context(release=release, namespace=namespace)
    hub = Names(loaded.values, plain).hub
    secrets = [each for each in manifests if each.get("kind") == "Secret" and each["metadata"].get("name") == hub]
    known = secret_texts(secrets[0]) if secrets else {}
    return context_for(loaded, plain, known=known, token=lambda: MASK)


def secret_texts(secret: Manifest | None) -> dict[str, str]:
    """A Secret's values that are texts, decoded; none for None."""
    found = {}
    for key, value in ((secret or {}).get("data") or {}).items():
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            # Files in it may be of any kind; the secrets that are looked for are text.
            continue
    return found
