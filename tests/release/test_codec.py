"""Records and Helm's Secrets, both ways."""

from __future__ import annotations

import base64
import gzip
import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.release.codec import (
    MOST_BYTES,
    UnreadableRecordError,
    from_secret,
    head_of,
    payload,
    secret_name,
    to_secret,
)
from chart_py.release.making import with_status
from chart_py.release.record import Head, Record, Status
from chart_py.release.store import KEPT, ROOM, RecordTooLargeError, check_size, outdated

RECORD = Record(
    name="jhub",
    namespace="ns",
    version=3,
    status=Status.DEPLOYED,
    description="Upgrade complete",
    first_deployed="2026-01-01T00:00:00Z",
    last_deployed="2026-01-02T00:00:00Z",
    manifest="---\nkind: A\n",
    config={"a": {"b": [1, "zwei", None]}},
    chart={"metadata": {"name": "jupyterhub", "version": "4.4.0", "appVersion": "5.5.0"}},
    hooks=({"name": "pull", "events": ["pre-install"]},),
    labels={"team": "blue"},
)


def test_a_secret_is_what_helm_expects() -> None:
    secret = to_secret(RECORD, 1_700_000_000)
    assert secret["metadata"] == {
        "name": "sh.helm.release.v1.jhub.v3",
        "namespace": "ns",
        "labels": {
            "name": "jhub",
            "owner": "helm",
            "status": "deployed",
            "version": "3",
            "modifiedAt": "1700000000",
            "team": "blue",
        },
    }
    assert secret["type"] == "helm.sh/release.v1"
    text = gzip.decompress(base64.b64decode(base64.b64decode(secret["data"]["release"])))
    assert json.loads(text) == {
        "name": "jhub",
        "info": {
            "first_deployed": "2026-01-01T00:00:00Z",
            "last_deployed": "2026-01-02T00:00:00Z",
            "description": "Upgrade complete",
            "status": "deployed",
        },
        "chart": {"metadata": {"name": "jupyterhub", "version": "4.4.0", "appVersion": "5.5.0"}},
        "config": {"a": {"b": [1, "zwei", None]}},
        "manifest": "---\nkind: A\n",
        "hooks": [{"name": "pull", "events": ["pre-install"]}],
        "version": 3,
        "namespace": "ns",
        "apply_method": "ssa",
    }


@given(
    status=st.sampled_from(Status),
    texts=st.lists(st.text(max_size=20), min_size=6, max_size=6),
    version=st.integers(1, 10**6),
    config=st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(max_size=5), max_size=4),
)
def test_a_record_survives(status: Status, texts: list[str], version: int, config: dict[str, object]) -> None:
    words = ("description", "first_deployed", "last_deployed", "deleted", "notes", "manifest")
    said: dict[str, Any] = dict(zip(words, texts, strict=True))
    record = replace(RECORD, status=status, version=version, config=config, **said)
    assert from_secret(to_secret(record, 0)) == record


def test_what_a_later_helm_adds_is_kept() -> None:
    record = replace(RECORD, more={"sequencing": {"on": True}}, more_info={"rollback_revision": 2})
    assert from_secret(to_secret(record, 0)) == record


def test_the_same_record_gives_the_same_bytes() -> None:
    assert payload(RECORD) == payload(replace(RECORD))


def test_a_record_of_helm_3_was_applied_by_the_client() -> None:
    data = json.dumps({"name": "old", "version": 1, "info": {"status": "deployed"}}).encode()
    packed = base64.b64encode(base64.b64encode(data)).decode()
    found = from_secret({"metadata": {"name": "x", "namespace": "ns"}, "data": {"release": packed}})
    assert (found.namespace, found.apply_method, found.status) == ("ns", "csa", Status.DEPLOYED)


@pytest.mark.parametrize("data", [{}, {"release": "!"}, {"release": base64.b64encode(b"H4sI").decode()}, None])
def test_what_is_no_record_is_told(data: object) -> None:
    with pytest.raises(UnreadableRecordError, match="Secret/broken holds no readable release"):
        from_secret({"metadata": {"name": "broken"}, "data": data})


def test_heads() -> None:
    assert head_of(to_secret(RECORD, 5)) == Head("jhub", "ns", 3, Status.DEPLOYED, 5)
    assert head_of({"metadata": {"name": "x", "labels": {"owner": "helm"}}}) is None
    assert secret_name("jhub", 3) == "sh.helm.release.v1.jhub.v3"


def test_a_record_shows_no_secret_by_itself() -> None:
    record = replace(RECORD, config={"password": "hunter2"}, manifest="hunter2", chart={"values": "hunter2"})
    assert "hunter2" not in repr(record)


def test_a_record_that_does_not_fit_is_told() -> None:
    import random

    noise = random.Random(1).randbytes(MOST_BYTES).hex()
    with pytest.raises(RecordTooLargeError, match="a Secret holds 1,048,576"):
        check_size(replace(RECORD, manifest=noise))
    assert check_size(RECORD) < 1000


def test_a_record_has_room_for_what_is_said_of_it_later() -> None:
    noise = base64.b64encode(random.Random(1).randbytes(1_000_000)).decode()
    low, high = 0, len(noise)
    while high - low > 1:
        middle = (low + high) // 2
        fits = len(payload(replace(RECORD, manifest=noise[:middle]))) <= MOST_BYTES - ROOM
        low, high = (middle, high) if fits else (low, middle)
    largest = replace(RECORD, manifest=noise[:low])
    check_size(largest, ROOM)
    text = base64.b64encode(random.Random(2).randbytes(3000)).decode()
    check_size(with_status(largest, Status.PENDING_ROLLBACK, text))
    with pytest.raises(RecordTooLargeError):
        check_size(replace(largest, manifest=noise[: low + 10]), ROOM)


def test_ten_are_kept_and_the_deployed_one_always() -> None:
    heads = [Head("jhub", "ns", n, Status.DEPLOYED if n == 1 else Status.FAILED) for n in range(1, 14)]
    assert [head.version for head in outdated(heads)] == [2, 3]
    assert outdated(heads[:KEPT]) == []
