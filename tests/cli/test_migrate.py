"""`migrate`: where the text and the table go, what is written, exit codes."""

from __future__ import annotations

import io
import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chart_py.migrate import migration
from chart_py.migrate.migration import Remaining
from tests.fake_hub import Ran

OLD = "# mine\nhub:\n  uid: 1001  # me\n  labels: {a: b}\n"
NEW = "# mine\nhub:\n  containerSecurityContext:\n    runAsUser: 1001  # me\n  labels: {a: b}\n"
Call = Callable[..., Ran]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(OLD)
    file.chmod(0o640)
    return file


def test_the_new_text_is_data_and_the_table_is_talk(chart_py: Call, old: Path) -> None:
    ran = chart_py("migrate", old, "--from", "4.4.0")
    assert (ran.code, ran.out) == (0, NEW)
    assert ran.err == (
        f"{old}, written for chart 4.4.0:\n\n"
        "line  old setting  today's                                 why\n"
        "   3  hub.uid      hub.containerSecurityContext.runAsUser  "
        "pods and containers have had security contexts since chart 0.10\n\n"
        "Both render the same objects, field by field.\n"
    )
    assert old.read_text() == OLD


def test_to_another_file(chart_py: Call, old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    ran = chart_py("migrate", old, "--from", "4.4.0", "-o", new)
    assert ran.code == 0
    assert new.read_text() == NEW
    assert stat.S_IMODE(new.stat().st_mode) == 0o640
    assert "hub.containerSecurityContext.runAsUser" in ran.out
    assert ran.err == f"written to {new}\n"
    assert old.read_text() == OLD
    assert chart_py("render", "-f", new).code == 0


def test_in_place_and_again(chart_py: Call, old: Path) -> None:
    old.write_bytes(b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode())
    assert chart_py("migrate", old, "--from", "4.4.0", "--in-place").code == 0
    assert old.read_bytes() == b"\xef\xbb\xbf" + NEW.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert [file.name for file in old.parent.iterdir()] == ["config.yaml"]
    ran = chart_py("migrate", old, "--in-place")
    assert (ran.code, ran.out) == (0, f"{old}: nothing to do, all settings are today's\n")


def test_check(chart_py: Call, old: Path) -> None:
    ran = chart_py("migrate", "--check", old, "--from", "4.4.0")
    assert ran.code == 1
    assert "hub.containerSecurityContext.runAsUser" in ran.out
    assert old.read_text() == OLD
    old.write_text(NEW)
    assert chart_py("migrate", "--check", old).code == 0
    # Without older words the guide's defaults are not assumed, and are added only when asked for.
    assert chart_py("migrate", "--check", "--from", "0.7", old).code == 1


def test_json(chart_py: Call, old: Path) -> None:
    ran = chart_py("migrate", old, "--from", "4.4.0", "--output", "json")
    assert ran.code == 0
    assert json.loads(ran.out) == {
        "file": str(old),
        "from": "4.4.0",
        "changed": True,
        "changes": [
            {
                "line": 3,
                "old": "hub.uid",
                "new": ["hub.containerSecurityContext.runAsUser"],
                "why": "pods and containers have had security contexts since chart 0.10",
            }
        ],
        "differences": [],
        "findings": [],
        "text": NEW,
    }
    assert "text" not in json.loads(chart_py("migrate", old, "--from", "4.4.0", "--check", "--output", "json").out)


def test_standard_input(chart_py: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(OLD.encode())))
    assert chart_py("migrate", "-", "--from", "4.4.0").out == NEW


def test_what_would_not_load_is_not_written(chart_py: Call, old: Path, tmp_path: Path) -> None:
    old.write_text("hub: {uid: root}\n")
    new = tmp_path / "new.yaml"
    ran = chart_py("migrate", old, "-o", new)
    assert ran.code == 2
    assert "hub.uid: expected a whole number" in ran.err
    assert not new.exists()
    assert chart_py("migrate", tmp_path / "none.yaml").code == 2


def test_a_difference_is_listed_and_ends_with_1(chart_py: Call, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "prove", lambda *_: [Remaining("Deployment/hub", "spec: 1 -> 2", "for a reason")])
    ran = chart_py("migrate", old, "--from", "4.4.0")
    assert ran.code == 1
    assert ran.err.endswith(
        "1 field is rendered otherwise than before:\n  Deployment/hub  spec: 1 -> 2\n      for a reason\n"
    )


def test_warnings_are_said(chart_py: Call, old: Path) -> None:
    old.write_text("auth: {type: cilogon}\nproxy: {nginx: {image: {tag: v1}}}\n")
    ran = chart_py("migrate", old, "--from", "4.4.0", "--whole")
    assert ran.code == 0
    assert "nobody can log in with this configuration" in " ".join(ran.err.split())
    assert "proxy.nginx: no longer has any effect" in " ".join(ran.err.split())
    assert any(line.split()[:3] == ["2", "proxy.nginx", "(not"] for line in ran.err.splitlines())


@pytest.mark.parametrize(
    "flags",
    [
        ("-o", "x", "--in-place"),
        ("--check", "--in-place"),
        ("--check", "-o", "x"),
        ("--from", "0.3"),
        ("--to", "0.7"),
        ("--from", "4.4.0", "--to", "3.3.8"),
        ("--from", "0.7", "--to", "3.3.8"),
        ("--release", "A_"),
    ],
)
def test_usage(chart_py: Call, old: Path, flags: tuple[str, ...]) -> None:
    ran = chart_py("migrate", old, *flags)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert chart_py("migrate", "-", "--in-place").code == 2


def test_a_folder_that_cannot_be_written(chart_py: Call, old: Path) -> None:
    ran = chart_py("migrate", old, "--from", "4.4.0", "-o", old.parent / "none" / "new.yaml")
    assert ran.code == 2
    assert "No such file or directory" in ran.err


BACK = "https://hub.example.org/hub/oauth_callback"
BASE = f"auth:\n  type: github\n  github:\n    callbackUrl: {BACK}\nhub: {{uid: 1000}}\n"
PROD = "auth:\n  whitelist:\n    users: [ada]\n"
SECRETS = "auth:\n  github:\n    clientId: one\n    clientSecret: two\n"


def layers(folder: Path, **texts: str) -> list[Path]:
    files = [folder / f"{name}.yaml" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text)
    return files


def test_all_layers_at_once(chart_py: Call, tmp_path: Path) -> None:
    files = layers(tmp_path, base=BASE, prod=PROD, secrets=SECRETS)
    ran = chart_py("migrate", *files, "--from", "4.4.0", "--output-dir", tmp_path)
    assert ran.code == 0, ran.err
    assert ran.out.endswith("Both render the same objects, field by field.\n")
    assert [file.read_text() for file in files] == [
        "hub:\n  containerSecurityContext:\n    runAsUser: 1000\n  config:\n    JupyterHub:\n"
        f"      authenticator_class: github\n    GitHubOAuthenticator:\n      oauth_callback_url: {BACK}\n",
        "hub:\n  config:\n    Authenticator:\n      allowed_users: [ada]\n",
        "hub:\n  config:\n    GitHubOAuthenticator:\n      client_id: one\n      client_secret: two\n",
    ]


def test_a_part_alone_opens_nothing_and_loses_nothing(chart_py: Call, tmp_path: Path) -> None:
    base, secrets, custom = layers(
        tmp_path, base=BASE, secrets=SECRETS, custom="auth: {custom: {config: {client_secret: x}}}\n"
    )
    ran = chart_py("migrate", base, "--from", "4.4.0")
    assert (ran.code, "allow_all" in ran.out) == (1, False)
    assert "left out on purpose: this file alone does not say who may log in" in ran.err
    assert "allow_all: true" in chart_py("migrate", base, "--from", "4.4.0", "--whole").out
    for part in (secrets, custom):
        ran = chart_py("migrate", part, "--from", "4.4.0")
        assert ran.out == part.read_text()
        assert "auth stays as it is: only a file with auth.type says what it means" in " ".join(ran.err.split())


def test_the_version_is_asked_for(chart_py: Call, tmp_path: Path) -> None:
    old, mixed = layers(tmp_path, old="hub: {uid: 1}\n", mixed="hub: {uid: 1, config: {JupyterHub: {}}}\n")
    ran = chart_py("migrate", old)
    assert (ran.code, ran.out) == (2, "")
    assert "hub.uid is a setting of charts before 1.0" in ran.err
    assert f"chart-py migrate {old} --from 0.7" in ran.err
    ran = chart_py("migrate", mixed)
    assert (ran.code, "hub.config one of later charts" in ran.err, "--from 0.7" in ran.err) == (2, True, False)


def test_several_files_are_written_all_or_none(chart_py: Call, tmp_path: Path) -> None:
    files = layers(tmp_path, base=BASE, prod=PROD)
    assert "several files are written with --in-place" in chart_py("migrate", *files, "--from", "4.4.0").err
    missing = tmp_path / "missing"
    ran = chart_py("migrate", *files, "--from", "4.4.0", "--output-dir", missing)
    assert (ran.code, missing.exists()) == (2, False)
    assert [file.read_text() for file in files] == [BASE, PROD]
