"""What a render of a hub is told of its cluster: the secrets that it has, the images that are pulled."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from chart_py.cluster.fake import FakeCluster
from chart_py.engine.hub_facts import context_beside, context_of
from chart_py.engine.standing import Standing
from chart_py.manifest.documents import to_documents
from chart_py.release.record import Head, Record, Status
from chart_py.rendering import render
from chart_py.values.load import load_values

COOKIE = "hub.config.JupyterHub.cookie_secret"
LOADED = load_values([])


def secret(cookie: str) -> dict[str, Any]:
    data = {COOKIE: base64.b64encode(cookie.encode()).decode(), "picture": base64.b64encode(b"\xff").decode()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "hub", "namespace": "ns"}, "data": data}


def config_map(pulled: str) -> dict[str, Any]:
    meta = {"name": "hub", "namespace": "ns"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"checksum_hook-image-puller": pulled}}


def record(version: int, status: Status, *manifests: dict[str, Any]) -> Record:
    return Record("jhub", "ns", version, status, manifest=to_documents(manifests))


def standing(deployed: Record | None, *unfinished: Record) -> Standing:
    records = [each for each in (deployed, *unfinished) if each]
    heads = tuple(Head("jhub", "ns", each.version, each.status) for each in records)
    return Standing("jhub", "ns", heads, records[-1] if records else None, deployed, unfinished)


def test_a_first_install_makes_its_secrets() -> None:
    found = context_of(FakeCluster(), LOADED, Standing("jhub", "ns", has_namespace=False))
    assert (found.revision, found.is_upgrade, found.pulled_images) == (1, False, None)
    assert len(found.secrets.generated) == 3


def test_the_cluster_has_the_last_word_on_secrets() -> None:
    cluster = FakeCluster([secret("live"), config_map("pulled")])
    known = record(4, Status.DEPLOYED, secret("recorded"), config_map("recorded"))
    found = context_of(cluster, LOADED, standing(known))
    assert (found.revision, found.is_upgrade, found.pulled_images) == (5, True, "pulled")
    assert found.secrets.cookie_secret == "live"
    assert COOKIE not in found.secrets.generated


def test_what_the_cluster_has_lost_comes_from_the_record() -> None:
    known = record(4, Status.DEPLOYED, secret("recorded"))
    assert context_of(FakeCluster(), LOADED, standing(known)).secrets.cookie_secret == "recorded"


def test_an_install_that_was_killed_early_goes_on_with_its_own_secrets() -> None:
    begun = record(1, Status.PENDING_INSTALL, secret("begun"))
    found = context_of(FakeCluster(), LOADED, standing(None, begun))
    assert found.secrets.cookie_secret == "begun"
    assert found.pulled_images is None


def test_images_of_a_run_that_did_not_end_are_pulled_again() -> None:
    """The ConfigMap is written before the images are pulled: only a revision that went well is to be believed."""
    deployed = record(4, Status.DEPLOYED, config_map("old"))
    failed = record(5, Status.FAILED, config_map("new"))
    found = context_of(FakeCluster([config_map("new")]), LOADED, standing(deployed, failed))
    assert found.pulled_images == "old"


def test_beside_manifests_their_secrets_are_kept() -> None:
    first = context_beside(LOADED, [], "jhub", "ns")
    objects = render(LOADED, replace(first, secrets=replace(first.secrets, cookie_secret="theirs")))
    assert context_beside(LOADED, objects, "jhub", "ns").secrets.cookie_secret == "theirs"


def test_a_release_that_is_renamed_keeps_its_secrets() -> None:
    """From its live Secret under the old name, else from the record; a Secret of something else is not looked into."""
    renamed = load_values([], settings=["fullnameOverride=prod"])
    other = {**secret("other"), "metadata": {"name": "other", "namespace": "ns"}, "data": {"password": "eA=="}}
    known = record(4, Status.DEPLOYED, other, secret("recorded"))
    assert context_of(FakeCluster(), renamed, standing(known)).secrets.cookie_secret == "recorded"
    assert context_of(FakeCluster([secret("live")]), renamed, standing(known)).secrets.cookie_secret == "live"


def test_a_secret_that_only_the_record_has_is_not_made_again() -> None:
    """Somebody has taken one key out of the live Secret."""
    lacking = secret("live")
    token = "hub.config.ConfigurableHTTPProxy.auth_token"
    whole = {**secret("recorded"), "data": {**secret("recorded")["data"], token: base64.b64encode(b"t").decode()}}
    found = context_of(FakeCluster([lacking]), LOADED, standing(record(4, Status.DEPLOYED, whole))).secrets
    assert (found.cookie_secret, found.proxy_token) == ("live", "t")
    assert token not in found.generated
