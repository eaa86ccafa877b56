"""Values that do not stand at a file's top: below an umbrella chart's key, in Flux's and Argo CD's objects."""

from __future__ import annotations

import io

import pytest

from chart_py import UsageError, ValuesError, load_values

UMBRELLA = "jupyterhub:\n  hub:\n    baseUrl: /x/\n"
BINDER = "binderhub:\n  jupyterhub:\n    hub:\n      baseUrl: /x/\n"
FLUX = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    hub:\n      baseUrl: /x/\n"
OBJECT = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    helm:\n      valuesObject:\n"
    "        hub: {baseUrl: /x/}\n"
)
TEXT = OBJECT.replace("valuesObject:\n", "values: |\n")
PLACES = {
    UMBRELLA: "jupyterhub",
    BINDER: "binderhub.jupyterhub",
    FLUX: "spec.values",
    OBJECT: "spec.source.helm.valuesObject",
    TEXT: "spec.source.helm.values",
}


def refused(text: str) -> list[str]:
    with pytest.raises(ValuesError) as caught:
        load_values([io.StringIO(text)])
    return [finding.text() for finding in caught.value.findings]


@pytest.mark.parametrize("text", PLACES, ids=PLACES.values())
def test_where_they_stand_is_told_and_taken(text: str) -> None:
    [said] = refused(text)
    assert f"the hub's values in this file are below {PLACES[text]}" in " ".join(said.split())
    assert f"Add --at {PLACES[text]} to the command." in " ".join(said.split())
    assert load_values([io.StringIO(text)], at=PLACES[text]).values.hub.baseUrl == "/x/"


@pytest.mark.parametrize("text", PLACES, ids=PLACES.values())
def test_what_is_wrong_is_told_at_its_own_line(text: str) -> None:
    wrong = text.replace("baseUrl", "baseUlr")
    with pytest.raises(ValuesError) as caught:
        load_values([io.StringIO(wrong)], at=PLACES[text])
    [finding] = caught.value.findings
    lines = wrong.splitlines()
    line = next(number for number, each in enumerate(lines) if "baseUlr" in each)
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == (line + 1, lines[line].index("baseUlr") + 1)


def test_a_place_where_nothing_is() -> None:
    with pytest.raises(UsageError, match="--at jupyter: nothing is there in values"):
        load_values([io.StringIO(UMBRELLA)], at="jupyter")


def test_encrypted_files_and_other_charts_are_told_in_one_finding() -> None:
    [said] = refused("hub:\n  baseUrl: ENC[abc]\nsops:\n  mac: ENC[x]\n  version: 3.9.0\n")
    assert "this file is encrypted with SOPS" in said
    [said] = refused("commonLabels: {}\npostgresql: {}\nextraDeploy: []\nhub: {image: {registry: a}}\n")
    assert "these are values of Bitnami's jupyterhub chart" in said
    [said] = refused("config: {BinderHub: {}}\nregistry: {}\ndind: {}\nservice: {}\n")
    assert "these are values of BinderHub's chart" in said
