"""Which settings an edition knows, and what is said of those that it does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chart_py.editions import edition
from chart_py.editions.defaults import absent
from chart_py.editions.order import key
from chart_py.editions.releases import RELEASES
from chart_py.editions.settings import history
from chart_py.errors import ValuesError
from chart_py.values.base import Section
from chart_py.values.layer import from_text
from chart_py.values.load import Loaded, from_layers
from chart_py.values.root import Values

TABLE = Path(__file__).with_name("settings.txt")
# Taken from the charts' schemas: since when each setting is known that the first chart did not know.
SINCE = dict(line.split() for line in TABLE.read_text().splitlines() if not line.startswith("#"))
# Their schemas know them longer, to say that they are gone.
RENAMED = ("rbac.enabled", "httpRoute.gateway")


def paths(section: type[Section], above: tuple[str, ...] = ()) -> list[str]:
    found = []
    for name, field in section.__pydantic_fields__.items():
        here = (*above, field.alias or name)
        found.append(".".join(here))
        if isinstance(field.default, Section):
            found += paths(type(field.default), here)
    return found


EVERY = [path for path in paths(Values) if not path.startswith(RENAMED)]


@pytest.mark.parametrize("version", RELEASES)
def test_an_edition_knows_the_settings_of_its_chart(version: str) -> None:
    unknown = {".".join(map(str, path)) for path in absent(edition(version))}
    known = {path for path in EVERY if not any(f"{path}.".startswith(f"{gone}.") for gone in unknown)}
    assert known == {path for path in EVERY if key(SINCE.get(path, "1.0.0")) <= key(version)}


def test_the_history_of_a_setting_says_since_when() -> None:
    for path in EVERY:
        came = history(tuple(path.split("."))).came
        assert (came.since if came else "1.0.0") == SINCE.get(path, "1.0.0"), path


def test_the_history_of_a_renamed_setting_names_the_other() -> None:
    gone = history(("rbac", "enabled"))
    assert gone.gone is not None
    assert (gone.gone.since, gone.later) == ("2.0.0", "rbac.create")
    assert history(("rbac", "create")).earlier == "rbac.enabled"
    assert history(("httpRoute", "gateway", "name")).later == "httpRoute.parentRefs"
    assert history(("hub", "podSecurityContext")).earlier == "hub.fsGid"


def load(text: str, version: str) -> Loaded:
    layer = from_text(text, "config.yaml", lambda finding: pytest.fail(finding.text()))
    return from_layers([layer], chart_version=version)


CASES: list[tuple[str, str, list[tuple[str, Any, str]]]] = [
    (
        "httpRoute: {enabled: true}",
        "4.2.0",
        [("other-edition", 1, "unknown setting in chart 4.2.0; it was added in 4.3.0")],
    ),
    (
        "proxy:\n  chp:\n    command: [a]",
        "4.4.0",
        [("other-edition", 3, "unknown setting in chart 4.4.0; it was added in 5.0.0-dev")],
    ),
    (
        "rbac:\n  create: false",
        "1.2.0",
        [("other-edition", 2, "unknown setting in chart 1.2.0; it was added in 2.0.0")],
    ),
    (
        "rbac:\n  create: false\n  enabled: true",
        "1.2.0",
        [("old-and-new", 2, "rbac.enabled at config.yaml:3:3 sets the same; remove this one")],
    ),
    (
        "rbac:\n  create: false\n  enabled: true",
        "3.3.8",
        [("old-and-new", 3, "rbac.create in line 2 sets the same; remove one of the two")],
    ),
    (
        "singleuser: {storage: {extraVolumes: {a: {name: x}}}}",
        "4.2.0",
        [("wrong-type", 1, "expected a list, got a map")],
    ),
    ("hub: {db: {type: other}}", "1.0.0", [("wrong-type", 1, "")]),
    ("hub: {extraEnv: [{name: a}]}", "1.0.0", [("wrong-type", 1, "expected a map, got a list")]),
    ("singleuser: {storage: {extraVolumes: yes}}", "4.2.0", [("wrong-type", 1, "")]),
]


@pytest.mark.parametrize(("text", "version", "wanted"), CASES, ids=[f"{case[1]} {case[0]!r}" for case in CASES])
def test_a_setting_of_another_edition_is_refused(text: str, version: str, wanted: list[tuple[str, Any, str]]) -> None:
    with pytest.raises(ValuesError) as refused:
        load(text, version)
    errors = [found for found in refused.value.findings if found.level.value == "error"]
    assert [(found.code, found.place and found.place.line) for found in errors] == [each[:2] for each in wanted]
    assert [found.message for found, (*_, message) in zip(errors, wanted, strict=True) if message] == [
        message for *_, message in wanted if message
    ]


def test_a_type_that_came_later_says_when() -> None:
    with pytest.raises(ValuesError) as refused:
        load("singleuser: {storage: {extraVolumes: {a: {name: x}}}}", "3.3.8")
    assert refused.value.findings[0].advice[-1] == "Accepted from chart 4.3.0 on."
    assert load("singleuser: {storage: {extraVolumes: {a: {name: x}}}}", "4.3.0").values.singleuser.storage


def test_each_edition_takes_its_own_settings() -> None:
    assert load("rbac: {enabled: false}", "1.2.0").tree["rbac"] == {"enabled": False}
    assert load("hub: {fsGid: 7}", "1.2.0").tree["hub"]["fsGid"] == 7
    assert load("hub: {fsGid: 7}", "2.0.0").tree["hub"]["podSecurityContext"] == {"fsGroup": 7}
    gateway = "httpRoute: {enabled: true, gateway: {name: mine, sectionName: https}}"
    assert load(gateway, "4.4.0").tree["httpRoute"]["gateway"]["name"] == "mine"
    assert load(gateway, "5.0.0-dev").tree["httpRoute"] == {
        "enabled": True,
        "annotations": {},
        "hostnames": [],
        "parentRefs": [{"kind": "Gateway", "name": "mine", "sectionName": "https"}],
    }
