"""What of an object may be shown: also a secret whose key is misspelt, and a label that holds one, stays hidden."""

from __future__ import annotations

import pytest

from chart_py.manifest.difference import Item
from chart_py.manifest.shown import visible

DOCUMENT = ("data", "values.yaml", "hub", "extraEnv")


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "DB_PASSWSWORD", "DB_PASSWOR#D", "db_pass\ud7ffword", "client_secre@t", "API_TOKN"]
)
def test_a_misspelt_secret_is_hidden(name: str) -> None:
    assert visible({name: "hunter2"}, DOCUMENT) == {name: "(hidden)"}
    assert visible("hunter2", (*DOCUMENT, name)) == "(hidden)"
    assert visible([{"name": name, "value": "hunter2"}], ("spec",)) == [{"name": name, "value": "(hidden)"}]
    assert visible("hunter2", ("env", Item("name", name), "value")) == "(hidden)"


@pytest.mark.parametrize("name", ["EDITION", "DB_HOST", "COURSE", "volumeName", "imagePullPolicy", "storageClassName"])
def test_other_keys_are_shown(name: str) -> None:
    assert visible({name: "x"}, DOCUMENT) == {name: "x"}
    assert visible({name: "x"}, ("spec",)) == {name: "x"}
