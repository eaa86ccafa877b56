"""Rendering from Python: the same input gives the same objects, secrets come from their places, pods roll when due."""

from __future__ import annotations

import base64
import copy
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_py import (
    Context,
    MissingSecretsError,
    ValuesError,
    context_for,
    kept_secrets,
    load_values,
    new_secrets,
    render,
    to_documents,
)
from chart_py.credentials import MASK
from chart_py.resources.names import LONGEST, fitted


def loaded(text: str = "") -> Any:
    return load_values([io.StringIO(text)])


def rendered(text: str = "", context: Context | None = None) -> dict[str, Any]:
    values = loaded(text)
    found = render(values, context_for(values, context, token=lambda: MASK))
    return {f"{m['kind']}/{m['metadata']['name']}": m for m in found}


def data(secret: Any, key: str) -> str:
    return base64.b64decode(secret["data"][key]).decode()


def test_the_same_input_gives_the_same_bytes() -> None:
    values = loaded("singleuser: {profileList: [{display_name: a}]}")
    context = context_for(values)
    assert to_documents(render(values, context)) == to_documents(render(values, context))


def test_rendering_changes_neither_values_nor_defaults() -> None:
    values = loaded("hub: {extraFiles: {a: {mountPath: /a, stringData: b}}}")
    before = copy.deepcopy(values.tree)
    render(values, context_for(values))
    assert values.tree == before


def test_a_render_makes_no_secrets() -> None:
    """They are the caller's: the values' own, those of the context, and an error where one is missing."""
    token = "hub.config.ConfigurableHTTPProxy.auth_token"
    values = loaded("hub: {services: {grader: {}}}")
    with pytest.raises(MissingSecretsError) as caught:
        render(values)
    cookie, keys = "hub.config.JupyterHub.cookie_secret", "hub.config.CryptKeeper.keys"
    assert caught.value.names == (token, cookie, keys, "hub.services.grader.apiToken")
    with pytest.raises(MissingSecretsError) as caught:
        render(values, Context(secrets=new_secrets(loaded())))
    assert caught.value.names == ("hub.services.grader.apiToken",)
    whole = Context(secrets=new_secrets(values))
    assert render(values, whole) == render(values, whole)
    one, two = (data(_secret(render(values, Context(secrets=new_secrets(values)))), token) for _ in range(2))
    assert len(one) == len(two) == 64
    assert one != two
    own = loaded(f"proxy: {{secretToken: {'a' * 64}}}")
    assert data(_secret(render(own, whole)), token) == "a" * 64


def test_kept_secrets_are_the_same_each_time(tmp_path: Path) -> None:
    values, file = loaded(), tmp_path / "secrets.yaml"
    one, two = (render(values, Context(secrets=kept_secrets(file, values))) for _ in range(2))
    assert one == two
    assert file.stat().st_mode & 0o777 == 0o600


def _secret(manifests: list[dict[str, Any]]) -> dict[str, Any]:
    return next(each for each in manifests if each["kind"] == "Secret")


def test_secrets_of_the_values_win_over_known_ones_and_those_over_new_ones() -> None:
    values = loaded(f"proxy: {{secretToken: {'a' * 64}}}\nhub: {{services: {{x: {{}}, y: {{apiToken: own}}}}}}")
    known = {"hub.config.ConfigurableHTTPProxy.auth_token": "b" * 64, "hub.config.JupyterHub.cookie_secret": "c" * 64}
    secrets = context_for(values, known=known, token=lambda: "new").secrets
    assert (secrets.proxy_token, secrets.cookie_secret, secrets.crypt_keeper_keys) == ("a" * 64, "c" * 64, "new")
    assert secrets.service_tokens == {"x": "new", "y": "own"}
    assert secrets.generated == ("hub.config.CryptKeeper.keys", "hub.services.x.apiToken")
    assert "new" not in repr(secrets)
    assert "aaa" not in repr(secrets)


def pods(found: dict[str, Any]) -> dict[str, Any]:
    return {
        key: m["spec"]["template"]
        for key, m in found.items()
        if m["kind"] in ("Deployment", "StatefulSet", "DaemonSet") and "template" in m["spec"]
    }


@pytest.mark.parametrize(
    ("text", "rolled"),
    [
        ("", set()),
        ("hub: {config: {JupyterHub: {admin_access: false}}}", {"Deployment/hub"}),
        ("custom: {a: 1}", {"Deployment/hub"}),
        (f"proxy: {{secretToken: {'a' * 64}}}", {"Deployment/hub", "Deployment/proxy"}),
        ("scheduling: {userScheduler: {pluginConfig: []}}", {"Deployment/hub", "Deployment/user-scheduler"}),
        (
            "singleuser: {image: {tag: v2}}",
            {"Deployment/hub", "DaemonSet/continuous-image-puller", "DaemonSet/hook-image-puller"},
        ),
        ("hub: {services: {x: {}}}", {"Deployment/hub"}),
    ],
)
def test_a_pod_rolls_when_and_only_when_what_it_reads_has_changed(text: str, rolled: set[str]) -> None:
    before, after = pods(rendered()), pods(rendered(text))
    assert {key for key in after if after[key] != before.get(key)} == rolled


def test_release_and_namespace_reach_every_object() -> None:
    found = rendered("fullnameOverride: null", Context(release="big", namespace="team"))
    assert "Deployment/big-jupyterhub-hub" in found
    for key, manifest in found.items():
        assert manifest["metadata"]["labels"]["release"] == "big", key
        cluster_wide = manifest["kind"] in ("ClusterRole", "ClusterRoleBinding", "PriorityClass")
        assert manifest["metadata"].get("namespace") == (None if cluster_wide else "team"), key


def test_a_template_that_cannot_be_filled_in_is_a_finding_at_its_place() -> None:
    context = Context(secrets=new_secrets(loaded()))
    with pytest.raises(ValuesError) as refused:
        render(loaded("hub:\n  args: [ok, '{{ .Values.hub.nope }}']\n  command: ['{{ include \"x\" }}']\n"), context)
    assert [(f.code, f.place.line, f.place.column) for f in refused.value.findings if f.place] == [
        ("template", 2, 14),
        ("template", 3, 13),
    ]


@given(st.text(alphabet="abc-", min_size=0, max_size=80), st.text(alphabet="abc-", min_size=1, max_size=30))
@settings(max_examples=200)
def test_names_fit_into_a_label_and_keep_apart(prefix: str, suffix: str) -> None:
    assert len(fitted(prefix, suffix)) <= LONGEST
    assert fitted(prefix, suffix).endswith(suffix)
    if len(prefix) + len(suffix) > LONGEST:
        assert fitted(prefix + "x", suffix) != fitted(prefix, suffix)
