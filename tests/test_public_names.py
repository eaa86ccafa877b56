"""The public Python API: each name is there, nothing heavy comes along, and what the verbs find is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import chart_py
from chart_py import Level, Result, ValuesError, check, load_values, validate

TEXT = """\
auth:
  state: {enabled: false}
cull: {timeout: 120}
singleuser:
  image: {name: quay.io/jupyter/scipy-notebook, tag: latest}  # chart-py: ignore=loose-tag
hub:
  extraConfig:
    mine: c.KubeSpawner.cmdd = 1
"""


def test_every_name_is_there() -> None:
    for name in chart_py.__all__:
        assert getattr(chart_py, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        chart_py.chekc  # noqa: B018


def test_importing_loads_nothing_heavy() -> None:
    code = "import chart_py, sys; print([m for m in sys.modules if m.split('.')[0] in %r or m == 'chart_py.values'])"
    heavy = {"pydantic", "yaml", "click", "kubernetes", "rich", "jsonschema"}
    done = subprocess.run([sys.executable, "-c", code % heavy], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_check_and_validate(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(TEXT, encoding="utf-8")
    loaded = load_values([file])
    found = check(loaded)
    assert [(f.code, f.place and f.place.line) for f in found] == [("old-words", 2), ("cull-while-active", 3)]
    assert [f.code for f in check(loaded, ignored=["old-words"])] == ["cull-while-active"]
    assert Level.ERROR in {f.level for f in check(loaded, strict=True)}
    result = validate([file], ignored=["schema"])
    assert isinstance(result, Result)
    assert (*found, *(f for f in result.findings if f.code == "unknown-trait")) == result.findings
    assert len(result.findings) == 3
    assert result.objects > 20
    file.write_text("hub: {dbb: 1}\n", encoding="utf-8")
    with pytest.raises(ValuesError) as caught:
        load_values([file])
    assert validate([file]).findings == caught.value.findings
    assert validate([file]).refused
