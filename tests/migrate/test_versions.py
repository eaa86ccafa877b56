"""From any chart to any later one: settings are rewritten, nothing that was closed opens, both render the same."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
import yaml

from chart_py.editions import TODAY
from chart_py.errors import UsageError
from chart_py.migrate.migration import Migration, migrate
from chart_py.values.layer import from_text
from chart_py.values.load import from_layers

VERSIONS = ("1.0.0", "1.2.0", "2.0.0", "3.3.8", "4.0.0", "4.3.0", "4.4.0", "5.0.0-dev")
OLD = """\
# our hub
rbac:
  enabled: false   # no roles
singleuser:
  networkPolicy:
    # only our registry
    egress:
      - to: [{ipBlock: {cidr: 10.0.0.0/8}}]
  memory: &big {limit: 2G}
"""
ROUTE = "httpRoute:\n  enabled: true\n  hostnames: [a.org]\n  gateway: {name: gw, namespace: ns}   # the campus's\n"


def tree(text: str, version: str) -> dict[str, Any]:
    layer = from_text(text, "values", lambda finding: pytest.fail(finding.text()))
    return from_layers([layer], chart_version=version).tree


@pytest.mark.parametrize(("older", "newer"), [*combinations(VERSIONS, 2)])
def test_settings_are_rewritten_and_comments_stay(older: str, newer: str) -> None:
    text = OLD if older < "2" else OLD.replace("enabled: false", "create: false")
    text += ROUTE if older >= "4.3" else ""
    done = migrate(text, "config.yaml", chart_version=older, to=newer)
    assert done.remaining == ()
    assert tree(done.after, newer) == {**tree(text, newer), **guarded(tree(text, newer), older, newer)}
    for comment in ("# our hub", "# no roles", "# only our registry", "&big"):
        assert done.after.count(comment) == 1
    assert ("rbac.create" in changed(done)) is (older < "2" <= newer)
    assert ("httpRoute.parentRefs" in changed(done)) is (older >= "4.3" and newer == "5.0.0-dev")


def changed(done: Migration) -> set[str]:
    return {new for change in done.changes for new in change.new}


def guarded(there: dict[str, Any], older: str, newer: str) -> dict[str, Any]:
    """What has to be as it was: up to chart 1.2 egress was all that pods reach."""
    if not (older < "2" <= newer):
        return {}
    policy = there["singleuser"]["networkPolicy"]
    rules = {name: on and name.startswith("dns") for name, on in policy["egressAllowRules"].items()}
    policy = {**policy, "egressAllowRules": rules}
    return {"singleuser": {**there["singleuser"], "networkPolicy": policy}}


def test_defaults_are_the_new_chart_s() -> None:
    text = "hub: {baseUrl: /a}  # stays\n"
    for older in ("1.0.0", "3.3.8", "0.9.0"):
        done = migrate(text, "config.yaml", chart_version=older)
        assert (done.after, done.changes, done.chart_version) == (text, (), older)


def test_the_version_is_guessed_by_the_settings_and_told() -> None:
    done = migrate(OLD, "config.yaml")
    assert done.chart_version == "a version before 2.0.0, by its settings"
    assert yaml.safe_load(done.after)["singleuser"]["networkPolicy"]["egressAllowRules"] == {"nonPrivateIPs": False}
    done = migrate(ROUTE, "config.yaml", to="5.0.0-dev")
    assert done.chart_version == "4.3.0 or later, before 5.0.0-dev, by its settings"
    assert migrate("hub: {baseUrl: /a}", "config.yaml").chart_version == TODAY


@pytest.mark.parametrize(
    ("older", "newer", "said"),
    [
        ("4.4.0", "3.3.8", "a migration goes up"),
        ("0.7", "3.3.8", "migrated to 4.4.0"),
        (None, "0.7", "the oldest one to go to is 1.0.0"),
        ("3.3.9", None, "did you mean 3.3.8"),
        ("0.12", None, "unknown chart version"),
        ("3.3.8", "4.9", "did you mean 4.4.0"),
    ],
)
def test_ways_that_there_are_not(older: str | None, newer: str | None, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        migrate("hub: {}", "config.yaml", chart_version=older, to=newer)
    assert said in str(caught.value)


@pytest.mark.parametrize("older", ["0.8", "0.9.0", "0.10.6", "0.11.1"])
def test_charts_between_the_guide_and_1(older: str) -> None:
    text = "hub:\n  extraConfigMap: {a: b}\nauth: {type: dummy, dummy: {password: x}, whitelist: {users: [ada]}}\n"
    done = migrate(text, "config.yaml", chart_version=older, to="3.3.8")
    assert done.remaining == ()
    assert yaml.safe_load(done.after)["custom"] == {"a": "b"}
    assert "hub.config.JupyterHub.authenticator_class" in changed(done)


@pytest.mark.parametrize("text", ["null\n...\n", "~\n", "# ours\nnull\n", "---\nnull\n...\n", "", "# ours\n"])
def test_a_file_that_says_nothing(text: str) -> None:
    for version in ("0.7", "3.3.8"):
        done = migrate(text, "config.yaml", chart_version=version)
        assert done.remaining == ()
        assert done.after.count("# ours") == text.count("# ours")
