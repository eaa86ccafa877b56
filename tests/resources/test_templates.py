"""Template expressions in values: what is filled in, how it is written, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.context import Context
from chart_py.resources.templates import TemplateError, expanded
from tests.resources.conftest import values_of

VALUES = values_of(
    "custom: {text: t, 'yes': true, whole: 3000000, half: 0.5, big: 2.0e+6, none: null, list: [1], map: {a: b}, "
    "braces: '{{ x }}'}\n"
    "global: {site: campus}\nhub: {config: {JupyterHub: {admin_access: false}}}"
)
CONTEXT = Context(release="r", namespace="n")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("plain }} text", "plain }} text"),
        ("--x={{ .Values.singleuser.startTimeout }}", "--x=300"),
        ("{{.Values.hub.baseUrl}}", "/"),
        ("{{ .Values.custom.text }}-{{ .Values.custom.yes }}", "t-true"),
        ("{{ .Values.hub.config.JupyterHub.admin_access }}", "false"),
        ("{{ .Values.custom.whole }} {{ .Values.custom.half }} {{ .Values.custom.big }}", "3000000 0.5 2000000"),
        ("{{ .Values.global.site }}{{ .Values.global.safeToShowValues }}", "campusfalse"),
        ("[{{ .Values.hub.cookieSecret }}]", "[]"),
        ("a {{ .Values.custom.braces }} b", "a {{ x }} b"),
        ("{ {{ .Release.Name }} {", "{ r {"),
        ("{{ .Release.Name }}/{{ .Release.Namespace }}", "r/n"),
        ("{{ .Chart.Name }}-{{ .Chart.Version }}", "jupyterhub-4.4.0"),
        (8081, "8081"),
        (True, "true"),
    ],
)
def test_expanded(text: object, want: str) -> None:
    assert expanded(text, VALUES, CONTEXT) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("a \t{{- .Release.Name }} b", "ar b"),
        ("a {{ .Release.Name -}}\n b", "a rb"),
        ("a {{- .Release.Name -}} b", "arb"),
        ("{ {{- .Release.Name -}} {", "{r{"),
    ],
)
def test_a_dash_takes_the_blanks_away(text: str, want: str) -> None:
    assert expanded(text, VALUES, CONTEXT) == want


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("{{ .Values.hub.baseUlr }}", "{{ .Values.hub.baseUlr }}: no setting hub.baseUlr", "baseUrl"),
        ("{{ .Values.custom.text.more }}", "{{ .Values.custom.text.more }}: no setting custom.text.more", ""),
        ("{{ .Values.hub }}", "{{ .Values.hub }}: expected text or a number, got a map", "{{ .Values.a.b }}"),
        (
            "{{ .Values.custom.list }}",
            "{{ .Values.custom.list }}: expected text or a number, got a list",
            "{{ .Values",
        ),
        ("{{ .Values.custom.map }}", "{{ .Values.custom.map }}: expected text or a number, got a map", "{{ .Values"),
        (
            "s3cret {{ .Values.hub.baseUrl | quote }}",
            "{{ .Values.hub.baseUrl | quote }}: not supported in braces here",
            "{{",
        ),
        ('{{ include "x" . }}', '{{ include "x" . }}: not supported in braces here', "{{ .Release.Name }}"),
        ("{{ .Release.Revision }}", "{{ .Release.Revision }}: not supported in braces here", "{{ .Release.Name }}"),
        ("{{}}", "{{}}: not supported in braces here", "{{ .Release.Name }}"),
        ("{{-.Release.Name}}", "{{-.Release.Name}}: not supported in braces here", "{{ .Release.Name }}"),
        ("{{ .Release.Name }} {{ .Release", "{{: these braces are not closed", "{{ .Release.Name }}"),
        (["a"], "expected text or a number, got a list", "{{ .Values.a.b }}"),
    ],
)
def test_refused(text: str, message: str, advice: str) -> None:
    with pytest.raises(TemplateError) as caught:
        expanded(text, VALUES, CONTEXT)
    assert (str(caught.value), advice in "".join(caught.value.advice)) == (message, True)
    assert "s3cret" not in str(caught.value)


@given(st.text())
def test_either_filled_in_or_refused(text: str) -> None:
    try:
        made = expanded(text, VALUES, CONTEXT)
    except TemplateError:
        assert "{{" in text
    else:
        assert made == text or "{{" in text
