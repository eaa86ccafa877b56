"""The hub's Python before it ships: errors at their line and column in every style of YAML, names, modules."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.checks.hub import python as hub_python
from chart_py.values.load import load_values


def said(text: str) -> list[tuple[str, str, tuple[int, int] | None]]:
    found = hub_python.check(load_values([io.StringIO(text)]))
    return [(f.code, f.message, f.place and (f.place.line, f.place.column)) for f in found]


HEAD = "hub:\n  extraConfig:\n"
SYNTAX = {
    "literal": (HEAD + "    a: |\n      x = 1\n      y = = 2\n", (5, 11)),
    "literal, stripped, indented by itself": (HEAD + "    a: |4-\n            x = 1\n\n            y = = 2\n", (4, 12)),
    "folded": (HEAD + "    a: >\n      x =\n      = 2\n", (5, 7)),
    "folded with more": (HEAD + "    a: >\n      if x:\n        y = = 2\n      z = 1\n", (5, 13)),
    "double quotes": (HEAD + '    a: "x = 1\\ny = = 2\\n"\n', (3, 20)),
    "single quotes": (HEAD + "    a: 'x = ''a'' = = 2'\n", (3, 13)),
    "plain": (HEAD + "    a: y = = 2\n", (3, 12)),
    "plain of two lines": (HEAD + "    a: y =\n      = 2\n", (4, 7)),
    "tabs": (HEAD + '    a: "if x:\\n\\ty = = 2"\n', (3, 22)),
    "wide letters": (HEAD + "    a: |\n      é = '日本' = = 2\n", (4, 11)),
    "in a file": (
        "hub:\n  extraFiles:\n    f:\n      mountPath: /srv/f.py\n      stringData: |\n        x = = 1\n",
        (6, 13),
    ),
    "unclosed": (HEAD + "    a: |\n      x = (\n", (4, 11)),
    "quote": (HEAD + "    a: |\n      x = 'abc\n", (4, 11)),
    "return": (HEAD + "    a: |\n      x = 1\n      return x\n", (5, 7)),
    "null": (HEAD + '    a: "x\\0y"\n', (3, 9)),
}


@pytest.mark.parametrize("name", SYNTAX)
def test_syntax_errors_stand_where_they_are_written(name: str) -> None:
    text, place = SYNTAX[name]
    (found,) = said(text)
    assert (found[0], found[2]) == ("python-syntax", place)
    assert found[1].startswith("not valid Python: ")


def test_a_file_given_by_a_flag(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("x = 1\ny = = 2\n")
    (found,) = hub_python.check(load_values(file_settings=[f"hub.extraConfig.mine={file}"]))
    assert found.place is not None
    assert (found.place.file, found.place.line, found.place.column, found.place.source) == (str(file), 2, 5, "y = = 2")
    (flag,) = hub_python.check(load_values(settings=["hub.extraConfig.mine=y = = 2"]))
    assert flag.place is not None
    assert (flag.place.file, flag.place.line) == ("--set hub.extraConfig.mine=y = = 2", 0)


NAMES = (
    HEAD
    + """\
    00-first: |
      import os
      def shared(): return os.environ
      def broken(): return enviorn
    10-second: |
      shared(); c.JupyterHub.x = get_config("a"); z2jh = get_name("b")
      if re.match("a", "b"): sys.exit(1)
      undefined_thing = nonsense
"""
)


def test_names_that_nothing_defines() -> None:
    assert said(NAMES) == [
        ("python-name", "nothing here defines enviorn", (6, 28)),
        ("python-name", "nothing here defines nonsense", (10, 25)),
    ]


def test_no_secret_is_taken_for_a_name() -> None:
    for code in ("hunter2hunter2", "import hunter2hunter2"):
        (found,) = hub_python.check(load_values([io.StringIO(HEAD + f"    DB_PASSWORD: {code}\n")]))
        assert "hunter2" not in found.text()


def test_files_have_no_names_but_their_own() -> None:
    file = "hub: {extraFiles: {f: {mountPath: '%s', stringData: 'x = get_config(c)'}}}"
    assert said(file % "/usr/local/etc/jupyterhub/jupyterhub_config.d/f.py") == []
    assert [code for code, *_ in said(file % "/srv/f.py")] == ["python-name", "python-name"]
    assert said(file % "/srv/f.txt") == []


MODULES = (
    HEAD
    + """\
    a: |
      import os.path, tornado.web, jwt.api, numpy
      from oauthenticator.githb import X
      import kubespawner.objects as o
      try:
          import pandas
      except ImportError:
          pandas = None
      import mine
      from . import y
  extraFiles:
    mine: {mountPath: /usr/local/etc/jupyterhub/mine.py, stringData: ''}
"""
)


def test_modules_that_the_image_has_not() -> None:
    assert said(MODULES) == [
        ("python-import", "the hub's image has no module numpy", (4, 7)),
        (
            "python-import",
            "the hub's image has no module oauthenticator.githb; did you mean oauthenticator.github?",
            (5, 7),
        ),
    ]
    assert said(MODULES + "  image: {name: example.org/mine}\n") == []


@given(st.text("abc =()[]:\n'\"#\\\t.,1é", max_size=40), st.sampled_from(["|", "'", '"', ">", None]))
def test_any_text_is_python_or_not(code: str, style: str | None) -> None:
    import yaml

    text = yaml.safe_dump({"hub": {"extraConfig": {"a": code}}}, default_style=style, allow_unicode=True)
    for found in hub_python.check(load_values([io.StringIO(text)])):
        assert found.place is not None
        assert found.text()


def test_what_is_nested_too_deep_is_no_crash() -> None:
    for code in ("(" * 5000, "-" * 20000 + "1", "a" + ".a" * 20000, "x = " + "[" * 90 + "]" * 90):
        hub_python.check(load_values(settings=[f"hub.extraConfig.a={code}"]))


IMPORTS = "hub: {extraConfig: {a: 'import campus.login'}, %s}"
MOUNT = "extraVolumes: [{name: m, configMap: {name: mods}}], extraVolumeMounts: [{name: m, mountPath: %s}]"


@pytest.mark.parametrize(
    "more",
    [
        "extraFiles: {m: {mountPath: /usr/local/lib/python3.12/site-packages/campus/__init__.py, stringData: ''}}",
        "extraFiles: {m: {mountPath: /srv/campus.py, binaryData: ''}}",
        MOUNT % "/usr/local/lib/python3.12/site-packages/campus",
        MOUNT % "/usr/local/lib/python3.12/site-packages/campus.py, subPath: campus.py",
        MOUNT % "/usr/local/lib/python3.12/site-packages",
        MOUNT % "/usr/local/etc/jupyterhub/campus",
        "extraEnv: {PYTHONPATH: /srv/mods}",
        "extraEnv: [{name: PYTHONPATH, value: /srv/mods}]",
        "command: [sh, -c, 'pip install campus && exec jupyterhub']",
        "extraPodSpec: {containers: [{name: hub, volumeMounts: [{name: m, mountPath: /srv/jupyterhub}]}]}",
    ],
)
def test_modules_that_the_configuration_brings(more: str) -> None:
    assert said(IMPORTS % more) == []


@pytest.mark.parametrize("more", ["args: []", MOUNT % "/data", MOUNT % "/srv/jupyterhub/other"])
def test_mounts_that_bring_no_such_module(more: str) -> None:
    assert [code for code, *_ in said(IMPORTS % more)] == ["python-import"]


def test_python_that_looks_elsewhere_itself() -> None:
    for module, call in (("sys", "sys.path.insert(0, '/srv/mods')"), ("site", "site.addsitedir('/srv/mods')")):
        code = f"      import {module}\n      {call}\n      import campus\n"
        assert said(f"hub:\n  extraConfig:\n    a: |\n{code}") == []
