"""`validate --placeholders`: what is not filled in is told once, and the rest is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from chart_py.checks.everything import Result, validate
from chart_py.finding import Finding

TEXT = """\
proxy:
  https:
    enabled: true
    hosts: [<your domain>, "{{ other }}"]
    letsencrypt:
      contactEmail: ${email}
hub:
  config:
    GitHubOAuthenticator:
      client_id: {{ github_id }}   # of the organization
      oauth_callback_url: https://${domain}/hub/oauth_callback
%{ for admin in admins }
      allowed_users: [a]
%{ endfor }
  concurrentSpawnLimit: ${limit}
singleuser:
  imgae: {}
"""


def checked(tmp_path: Path, text: str, *, placeholders: bool = True) -> Result:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return validate(file, placeholders=placeholders)


def brief(finding: Finding) -> tuple[str, str, int, int, str]:
    assert finding.place is not None
    return finding.code, finding.level.value, finding.place.line, finding.place.column, finding.message


def test_each_kind_is_told_once_and_the_rest_is_checked(tmp_path: Path) -> None:
    result = checked(tmp_path, TEXT)
    assert [brief(each) for each in result.findings] == [
        ("not-filled-in", "warning", 4, 13, "placeholders in angle brackets are not filled in"),
        (
            "not-filled-in", "warning", 4, 28,
            "templates are not filled in; also in hub.config.GitHubOAuthenticator.client_id",
        ),
        (
            "not-filled-in", "warning", 6, 21,
            "shell variables are not filled in; also in hub.config.GitHubOAuthenticator.oauth_callback_url, "
            "hub.concurrentSpawnLimit",
        ),
        ("unknown-setting", "error", 17, 3, "unknown setting; did you mean singleuser.image?"),
    ]  # fmt: skip
    place = result.findings[0].place
    assert place is not None
    assert place.source == '    hosts: [<your domain>, "{{ other }}"]'


def test_with_all_else_in_order_objects_are_checked(tmp_path: Path) -> None:
    result = checked(tmp_path, TEXT.replace("singleuser:\n  imgae: {}\n", ""))
    assert not result.refused
    assert result.objects > 30
    assert {each.code for each in result.findings} == {"not-filled-in", "unused-class"}


def test_without_the_flag_it_is_named(tmp_path: Path) -> None:
    result = checked(tmp_path, TEXT, placeholders=False)
    assert result.refused
    assert [each.advice for each in result.findings if each.code == "not-filled-in"] == [
        ("`chart-py validate --placeholders` checks the rest as if they were filled in.",)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "hub:\n  extraConfig:\n    a: |\n      c.Spawner.args = ['{{ x }}', '${Y}']\n",
        "singleuser:\n  cmd: [sh, -c, 'echo ${HOME}']\n",
        "hub:\n  config:\n    KubeSpawner:\n      pod_name_template: 'jupyter-{username}'\n",
        "hub:\n  templateVars: {announcement: 'hello {{ user.name }} <you>'}\n",
    ],
)
def test_what_somebody_fills_in_is_no_placeholder(tmp_path: Path, text: str) -> None:
    with_flag, without = (checked(tmp_path, text, placeholders=on) for on in (True, False))
    assert with_flag == without
    assert not any(each.code == "not-filled-in" for each in with_flag.findings)


def test_a_template_for_a_secret_is_open_where_kubespawner_fills_in_others(tmp_path: Path) -> None:
    text = "hub: {config: {GitHubOAuthenticator: {client_secret: '{{ x }}', login_service: '{{ y }}'}}}\n"
    found = [each.path[3:] for each in checked(tmp_path, text).findings if each.code == "not-filled-in"]
    assert found == [("client_secret",)]
