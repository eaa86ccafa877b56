"""Values that no hub can work with: it stops, and its log says in one sentence what to change."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hub_files import small_release
from tests.hub_files.mounted_hub import HOME, mounted, write
from tests.hub_files.small_release import VARIABLES

pytestmark = pytest.mark.usefixtures("hub_software")

STOPS: list[tuple[dict[str, Any], str]] = [
    (
        {"hub": {"config": {"admin_users": ["wash"]}}},
        "hub.config.admin_users is no name of a class. hub.config has one map for each class to configure, named as in "
        "JupyterHub's documentation: hub.config.Authenticator.admin_users, for one, sets c.Authenticator.admin_users. "
        "Write admin_users below the class that it belongs to.",
    ),
    (
        {"hub": {"config": {"Authenticator": ["wash"]}}},
        "hub.config.Authenticator has to be a map of settings of Authenticator, but is a list.",
    ),
    ({"hub": {"config": "text"}}, "hub.config has to be a map of names to what they stand for, but is a str."),
    ({"hub": {"services": [1]}}, "hub.services has to be a map of names to what they stand for, but is a list."),
    ({"hub": {"extraConfig": {"a": 1}}}, "hub.extraConfig.a has to be Python code, as text, but is a int."),
    (
        {"scheduling": {"userPods": {"nodeAffinity": {"matchNodePurpose": "must"}}}},
        "scheduling.userPods.nodeAffinity.matchNodePurpose is must, but can only be ignore, prefer or require.",
    ),
]


@pytest.mark.parametrize(("values", "sentence"), STOPS)
def test_what_cannot_work_stops_the_hub_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], values: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SystemExit) as stopped, mounted(tmp_path, small_release.files(values), VARIABLES):
        pass
    assert stopped.value.code == 1
    assert capsys.readouterr().err == sentence + "\n"


@pytest.mark.parametrize("section", ["oauthenticator.GitHubOAuthenticator", "_Hidden", "9lives", "Two words", ""])
def test_sections_that_are_no_class_stop_the_hub(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], section: str
) -> None:
    with (
        pytest.raises(SystemExit),
        mounted(tmp_path, small_release.files({"hub": {"config": {section: {}}}}), VARIABLES),
    ):
        pass
    assert capsys.readouterr().err.startswith(f"hub.config.{section} is no name of a class. ")


def test_a_jupyterhub_that_is_stopped_says_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    values, sentence = STOPS[0]
    write(tmp_path, small_release.files(values))
    file = tmp_path / HOME.lstrip("/") / "jupyterhub_config.py"
    command = [sys.executable, "-m", "jupyterhub", "--config", str(file)]
    environment = {**os.environ, **VARIABLES, "CONFIGPROXY_AUTH_TOKEN": "t"}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert sentence in run.stderr.splitlines()
    assert "Traceback" not in run.stdout + run.stderr
