"""Loading: layers from files and settings, text where text is due, null, and findings at the user's own text."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from chart_py import UsageError, ValuesError, load_values
from chart_py.values.leaf import _schema


def loaded(text: str, **more: Any) -> Any:
    return load_values([io.StringIO(text)], **more)


@pytest.mark.parametrize("tag", ["16.10", "1e3", "yes", "0o17", "2018-01-01", "017", "1_000", "on", "0x10", "1.0"])
def test_a_tag_keeps_its_source_text(tag: str) -> None:
    assert loaded(f"singleuser: {{image: {{tag: {tag}}}}}").values.singleuser.image.tag == tag
    assert load_values([], settings=[f"singleuser.image.tag={tag}"]).values.singleuser.image.tag == tag


@given(st.from_regex(r"[0-9][0-9._eExXoO:+-]{0,8}[0-9]", fullmatch=True))
def test_whatever_looks_like_a_number_stays_text_where_text_is_due(tag: str) -> None:
    found = load_values([], settings=[f"hub.annotations.version={tag}"])
    assert found.values.hub.annotations == {"version": tag}
    assert found.tree["hub"]["annotations"] == {"version": tag}


def test_environment_variables_are_text() -> None:
    values = loaded("singleuser: {extraEnv: {A: 1, B: yes, C: 1.50, D: {name: E, value: 0x1}, F: null}}").values
    assert values.singleuser.extraEnv == {
        "A": "1",
        "B": "yes",
        "C": "1.50",
        "D": {"name": "E", "value": "0x1"},
        "F": None,
    }
    values = loaded("hub: {extraEnv: [{name: A, value: 1}, {name: B, value: off}]}").values
    assert values.hub.extraEnv == [{"name": "A", "value": "1"}, {"name": "B", "value": "off"}]


def test_numbers_stay_numbers_where_anything_may_stand() -> None:
    tree = loaded(
        "custom: {int: 0o17, old: 017, hex: 0x1F, float: 1e3, half: 0.5, whole: 1.0, yes_: yes, day: 2018-01-01}"
    ).tree
    assert tree["custom"] == {
        "int": 15,
        "old": 15,
        "hex": 31,
        "float": 1000,
        "half": 0.5,
        "whole": 1,
        "yes_": True,
        "day": "2018-01-01",
    }


def test_the_last_one_wins_and_settings_over_files(tmp_path: Path) -> None:
    for number, text in enumerate(["hub: {baseUrl: /a, labels: {x: a}}", "hub: {baseUrl: /b, labels: {y: b}}"]):
        (tmp_path / f"{number}.yaml").write_text(text)
    (tmp_path / "mine.py").write_text("c.X.y = 1\n")
    found = load_values(
        [tmp_path / "0.yaml", tmp_path / "1.yaml"],
        settings=["hub.baseUrl=/c", "cull.every=5", "singleuser.cmd=[a, b]"],
        file_settings=[f"hub.extraConfig.mine={tmp_path / 'mine.py'}"],
    ).values
    assert (found.hub.baseUrl, found.hub.labels, found.cull.every) == ("/c", {"x": "a", "y": "b"}, 5)
    assert (found.singleuser.cmd, found.hub.extraConfig) == (["a", "b"], {"mine": "c.X.y = 1\n"})


def test_a_setting_removes_by_null_and_escapes_dots() -> None:
    found = load_values([], settings=["singleuser.memory.guarantee=null", "hub.annotations.example\\.org/a=b"]).values
    assert found.singleuser.memory.guarantee is None
    assert found.hub.annotations == {"example.org/a": "b"}


def test_a_null_section_without_defaults_is_nothing_new() -> None:
    cpu = loaded("singleuser: {cpu: null}").values.singleuser.cpu
    assert (cpu.limit, cpu.guarantee) == (None, None)


def test_null_maps_lists_and_flags_are_empty() -> None:
    values = loaded("hub: {tolerations: null, resources: null, networkPolicy: {enabled: null}}").values
    assert (values.hub.tolerations, values.hub.resources, values.hub.networkPolicy.enabled) == ([], {}, False)


def test_free_words_at_the_top() -> None:
    assert loaded("x-team: {a: 1}\ncustom: {b: 2}\nglobal: {c: 3}").tree["x-team"] == {"a": 1}


def test_all_findings_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(ValuesError) as refused:
        loaded("hub:\n  db: {tpye: x, type: mongo}\n  labels: {a: [x]}\nproxy: {https: yes}\ncull: {timeout: soon}\n")
    assert [
        (f.code, ".".join(map(str, f.path)), f.place.line, f.place.column) for f in refused.value.findings if f.place
    ] == [
        ("unknown-setting", "hub.db.tpye", 2, 8),
        ("wrong-type", "hub.db.type", 2, 23),
        ("wrong-type", "hub.labels.a", 3, 15),
        ("wrong-type", "proxy.https", 4, 16),
        ("wrong-type", "cull.timeout", 5, 17),
    ]


def test_a_finding_points_into_the_layer_that_won(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("cull: {every: 5}\n")
    (tmp_path / "b.yaml").write_text("\ncull:\n  every: often\n")
    with pytest.raises(ValuesError) as refused:
        load_values([tmp_path / "a.yaml", tmp_path / "b.yaml"])
    (finding,) = refused.value.findings
    assert str(finding.place) == f"{tmp_path / 'b.yaml'}:3:10"


def test_an_unknown_chart_version_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"did you mean 1\.0\.1\?"):
        load_values([], chart_version="1.0")


ANNOTATIONS: list[Any] = [
    str,
    int,
    bool,
    float,
    int | None,
    str | None,
    bool | None,
    int | float | str | None,
    dict[str, str],
    dict[str, Any],
    dict[str, dict[str, Any]],
    list[Any],
    list[str],
    list[str | None],
    list[str] | str | None,
    dict[str, Any] | list[Any] | None,
    Literal["a", "b"],
    Literal["", "a"] | None,
]
DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.floats(-1, 1), st.sampled_from(["", "a", "b", "1"])),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=4,
)


@given(st.sampled_from(ANNOTATIONS), DATA)
def test_our_schemas_accept_what_pydantic_accepts(annotation: Any, value: Any) -> None:
    from pydantic_core import SchemaValidator

    ours = SchemaValidator(_schema(annotation))
    theirs = TypeAdapter(annotation)
    try:
        expected = theirs.validate_python(value, strict=True)
    except ValidationError:
        with pytest.raises(ValidationError):
            ours.validate_python(value, strict=True)
    else:
        assert ours.validate_python(value, strict=True) == expected
