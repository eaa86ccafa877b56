"""The live facts that a render of a hub takes from its cluster: secrets that exist, images that are pulled already."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace

from chart_py.changes.checksums import kept
from chart_py.cluster.interface import Cluster, Ref
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.engine.standing import Standing, manifests_of
from chart_py.manifest import Manifest
from chart_py.rendering import context_for
from chart_py.resources.checksums import ANNOTATIONS
from chart_py.resources.hub.secret import AUTH_TOKEN, COOKIE_SECRET
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
    known = _live_texts(cluster, standing, name)
    context = context_for(loaded, plain, known=known)
    if standing.unfinished or (standing.latest is not None and context.secrets.generated):
        context = context_for(loaded, plain, known={**recorded_secrets(cluster, standing), **known})
    return replace(context, pulled_images=pulled_images(cluster, standing, name))


def checksums_kept(manifests: list[Manifest], standing: Standing) -> list[Manifest]:
    """Objects with the checksums of the deployed revision where what their pods read is the same, as after Helm."""
    deployed = standing.deployed
    if deployed is None or standing.unfinished:
        return manifests
    notes = (
        each.get("spec", {}).get("template", {}).get("metadata", {}).get("annotations") or {} for each in manifests
    )
    mine = [(note, str(value)) for each in notes for note, value in each.items() if note in ANNOTATIONS]
    text = deployed.manifest
    # A release that was rendered here needs no look.
    if all(f"{note}: {value}" in text or f'{note}: "{value}"' in text for note, value in mine):
        return manifests
    return kept(manifests, standing.recorded, ANNOTATIONS)


def _live_texts(cluster: Cluster, standing: Standing, name: str) -> dict[str, str]:
    if not standing.has_namespace:
        return {}
    return secret_texts(cluster.get(Ref("v1", "Secret", standing.namespace, name)))


def recorded_secrets(cluster: Cluster, standing: Standing) -> dict[str, str]:
    """The texts by key in the Secrets that the release's records name as a hub's, whatever their names.

    A release that is renamed, or whose Secret somebody has deleted, has its secrets still. What is live counts more.
    """
    found: dict[str, str] = {}
    for key, recorded in standing.recorded.items():
        texts = secret_texts(recorded) if key.kind == "Secret" else {}
        if AUTH_TOKEN in texts or COOKIE_SECRET in texts:
            found = {**texts, **found, **_live_texts(cluster, standing, key.name)}
    return found


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
