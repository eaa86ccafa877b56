"""What `apply` waits for is what `status` calls not ready, and placeholders are in neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_hub import Desk, Json, instead_of_the_network, namespace, working_cluster

CONFIG = "scheduling: {userPlaceholder: {replicas: 3}}\nsingleuser: {storage: {type: none}}\n"


def is_short_of_room(live: Json) -> bool:
    return bool(live["metadata"]["name"] == "user-placeholder" and live["kind"] == "StatefulSet")


def test_placeholders_without_room_hold_nothing_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")
    desk = Desk(working_cluster(namespace(), never=is_short_of_room), capsys)
    with instead_of_the_network(desk, monkeypatch):
        applied = desk.run("apply", "--yes", "--timeout", "5s", "--pull", "off")
        assert (applied.code, "StatefulSet/user-placeholder waits for" in applied.err) == (0, True)
        assert desk.history() == {1: "deployed"}
        status = desk.run("status")
        assert "ready  StatefulSet/user-placeholder" in status.out
        assert "give way to users" in " ".join(status.out.split())
