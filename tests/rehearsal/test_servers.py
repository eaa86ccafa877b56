"""What Kubernetes would refuse of users' servers, or their users would miss, is told at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_py.errors import UsageError
from chart_py.rehearsal.worker import Worker
from tests.rehearsal.rehearsing import found, rehearsed

CASES: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "servers.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_wrong_with_servers_is_told_at_its_line(worker: Worker, case: dict[str, Any]) -> None:
    assert list(dict.fromkeys(found(worker, case["text"]))) == [tuple(each) for each in case["found"]]


EXAMPLES = sorted((Path(__file__).parents[2] / "values").glob("*.yaml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_configurations_to_start_from_have_nothing_wrong(worker: Worker, file: Path) -> None:
    said = found(worker, file.read_text("utf-8"))
    assert [each for each in said if each[1] != "note"] == []


def test_a_finding_names_the_servers_that_have_it(worker: Worker) -> None:
    result = rehearsed(worker, CASES["home-replaced-by-profile"]["text"], users=["ada"])
    assert [finding.text() for finding in result.findings] == [
        "values:8:9: warning:\n"
        "   singleuser.profileList[1].kubespawner_override.volume_mounts: no volume is\n"
        "   mounted at /home/jovyan, so files there are lost when the server stops\n"
        "    8 |         volume_mounts: [{name: scratch, mountPath: /scratch}]\n"
        "      |         ^^^^^^^^^^^^^\n"
        "   Lists replace: to add volumes, use singleuser.storage.extraVolumes and\n"
        "      extraVolumeMounts.\n"
        "   Affected: ada's server (Scratch)."
    ]


def test_an_unknown_profile_is_refused(worker: Worker) -> None:
    text = CASES["home-replaced-by-profile"]["text"]
    with pytest.raises(UsageError) as refused:
        rehearsed(worker, text, profile="Scrach")
    assert str(refused.value) == "error: --profile Scrach: unknown profile; did you mean Scratch?"
