"""`explain`: of settings, classes, traits, keys of profiles and configurations, and of words that name none of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from chart_py.checks.hub import image as hub_image
from chart_py.finding import dotted
from chart_py.reference import recipe
from chart_py.reference.lookup import explain
from chart_py.reference.setting import known
from chart_py.values.entries import ENTRIES, every
from chart_py.values.layer import Layer
from chart_py.values.load import from_layers
from chart_py.views.explanation import lines_of
from tests.fake_hub import Ran

ROOT = Path(__file__).parents[2]
Call = Callable[..., Ran]


def test_a_setting(chart_py: Call) -> None:
    assert chart_py("explain", "proxy.traefik.hsts.maxAge") == Ran(
        0,
        "proxy.traefik.hsts.maxAge: a whole number\n"
        f"   {known()['proxy', 'traefik', 'hsts', 'maxAge'].description}\n"
        "   Default:   15724800\n"
        "   Since:     between chart 0.7 and 1.0.0\n"
        "   With proxy.https.enabled: true, proxy.https.hosts:\n"
        "              ConfigMap/autohttps\n"
        "                 data[dynamic.yaml].http.middlewares.hsts.headers.stsSeconds\n"
        "   Example:\n"
        "      proxy:\n"
        "        traefik:\n"
        "          hsts:\n"
        "            maxAge: 15724801\n",
        "",
    )


def test_sections(chart_py: Call) -> None:
    listed = chart_py("explain").out.splitlines()
    assert [line.split()[0] for line in listed if line[0] != " "] == [path[0] for path in known() if len(path) == 1]
    assert "\nhub.db.pvc  " in chart_py("explain", "hub.db").out


def test_what_the_hub_reads_is_told(chart_py: Call) -> None:
    assert (
        "   Becomes:   c.JupyterHub.services[jupyterhub-idle-culler].command\n" in chart_py("explain", "cull.every").out
    )
    out = chart_py("explain", "singleuser.storage.homeMountPath").out
    assert "c.KubeSpawner.volume_mounts[volume-{user_server}].mountPath\n" in out
    assert "users' Pod\n" in out
    assert "   Becomes:   not traced: " in chart_py("explain", "enabled").out


def test_a_trait(chart_py: Call) -> None:
    assert chart_py("explain", "hub.config.KubeSpawner.delete_stopped_pods").out == (
        "hub.config.KubeSpawner.delete_stopped_pods: true or false\n"
        "   Default:   true\n"
        "   Trait of:  KubeSpawner\n"
        "   Becomes:   c.KubeSpawner.delete_stopped_pods\n"
        "   Example:\n"
        "      hub:\n"
        "        config:\n"
        "          KubeSpawner:\n"
        "            delete_stopped_pods: false\n"
        "\n"
        "   Whether to delete pods that have stopped themselves.\n"
        "   Set to False to leave stopped pods in the completed state,\n"
        "   allowing for easier debugging of why they may have stopped.\n"
    )
    for same in ("KubeSpawner.delete_stopped_pods", "c.KubeSpawner.delete_stopped_pods"):
        assert explain([same]) == explain(["hub.config.KubeSpawner.delete_stopped_pods"])
    assert "   Set by:    singleuser.startTimeout; " in chart_py("explain", "KubeSpawner.start_timeout").out
    assert "https://github.com/login/oauth/authorize" in chart_py("explain", "GitHubOAuthenticator.authorize_url").out
    assert "hub.config.Authenticator.allowed_users since 1.2" in chart_py("explain", "Authenticator.whitelist").out
    assert "a trait of your own class" in chart_py("explain", "hub.config.CampusLogin.realm").out


def test_a_class(chart_py: Call) -> None:
    out = chart_py("explain", "hub.config.GitHubOAuthenticator").out
    assert "   Chosen by: hub.config.JupyterHub.authenticator_class: github\n" in out
    assert out.index("\nallowed_organizations ") < out.index("\nallow_all ")


def test_choices_are_listed_by_their_names(chart_py: Call) -> None:
    for trait, group in (("authenticator_class", "authenticators"), ("spawner_class", "spawners")):
        rows = chart_py("explain", f"hub.config.JupyterHub.{trait}").out.rpartition("\n\n")[2].splitlines()
        assert dict(row.split() for row in rows) == hub_image.entry_points(group)


def test_profiles(chart_py: Call) -> None:
    path = "singleuser.profileList.profile_options"
    out = chart_py("explain", path).out
    assert out.startswith("singleuser.profileList[].profile_options: a map\n")
    assert [line.split()[0] for line in out.rpartition("\n\n")[2].splitlines() if line[0] != " "] == [
        "display_name",
        "choices",
        "unlisted_choice",
    ]
    for same in (f"{path}.size.choices", "singleuser.profileList[0].profile_options.choices"):
        assert explain([same]) == explain([f"{path}.OPTION.choices"])
    out = chart_py("explain", f"{path}.size.choices.large.kubespawner_override.mem_limit").out
    assert "Maximum number of bytes a single-user notebook server is allowed to use." in out
    assert "did you mean singleuser.profileList[].slug?" in chart_py("explain", "singleuser.profileList.slig").err


@pytest.mark.parametrize("setting", ENTRIES, ids=dotted)
def test_every_key_within_a_setting_has_its_explanation_and_an_example_that_loads(setting: tuple[str, ...]) -> None:
    for path, entry in every(ENTRIES[setting]):
        name = ".".join((*setting, *path)).replace(".[]", "[]")
        told = explain([name])
        assert (told.name, told.description) == (name, entry.description)  # type: ignore[union-attr]
        example = yaml.safe_load("\n".join(lines_of(told)).partition("   Example:\n")[2].partition("\n\n")[0])  # type: ignore[arg-type]
        from_layers([Layer("example", example)])


def test_services_have_jupyterhubs_own_fields(chart_py: Call) -> None:
    assert "URL of the service." in chart_py("explain", "hub.services.exporter.url").out
    out = chart_py("explain", "hub.services").out
    assert {"apiToken", *hub_image.service_fields()} <= {line.split(" ")[0] for line in out.splitlines()}


def test_configurations_of_values_are_told_as_they_are(chart_py: Call) -> None:
    for file in (ROOT / "values").glob("*.yaml"):
        assert chart_py("explain", f"values/{file.name}") == Ran(0, file.read_text(encoding="utf-8"), "")
    assert {each.name for each in recipe.recipes()} == {file.stem for file in (ROOT / "values").glob("*.yaml")}
    assert all(35 < len(each.need) < 116 for each in recipe.recipes())


def test_the_table_of_configurations_is_current() -> None:
    assert recipe.TABLE.read_text(encoding="utf-8") == recipe.table(ROOT / "values"), "run scripts/make-docs"


@pytest.mark.parametrize(
    ("words", "first", "also"),
    [
        ("login", "hub.config.JupyterHub.authenticator_class", ["hub.config", "values/login-github.yaml"]),
        ("gpu", "singleuser.extraResource", ["values/gpu-profiles.yaml", "hub.config.KubeSpawner.profile_list"]),
        ("storage", "singleuser.storage", ["singleuser.storage.type", "values/shared-nfs.yaml"]),
        ("https", "proxy.https", ["proxy.https.enabled", "proxy.https.hosts", "values/https-letsencrypt.yaml"]),
        ("memory limit", "singleuser.memory.limit", ["hub.config.Spawner.mem_limit"]),
        ("login google", "values/login-google.yaml", ["hub.config.GoogleOAuthenticator"]),
        ("idle", "cull", ["cull.timeout"]),
        ("postgres", "values/postgres.yaml", ["hub.db.type", "hub.db.url"]),
        ("ldap", "values/login-ldap.yaml", ["hub.config.LDAPAuthenticator"]),
        ("unlisted_choice", "singleuser.profileList[].profile_options.OPTION.unlisted_choice", []),
        ("storageClass", "singleuser.storage.dynamic.storageClass", ["hub.db.pvc.storageClassName"]),
        ("admin_users", "hub.config.Authenticator.admin_users", []),
    ],
)
def test_words_are_searched_for(chart_py: Call, words: str, first: str, also: list[str]) -> None:
    ran = chart_py("explain", *words.split())
    assert ran.code == 0
    rows = [line.split(" ")[0] for line in ran.out.splitlines() if line and not line.endswith(":")]
    assert rows[0] == first
    assert [name for name in also if name not in rows] == []
    # Each has one line, and can be asked for as it is listed.
    assert len(rows) == len(set(rows))
    assert [line for line in ran.out.splitlines() if len(line) > 80 and " " in line] == []
    for name in rows:
        assert chart_py("explain", name).code == 0
    assert ran.err.startswith("\nDetails of one of them: chart-py explain NAME")


def test_all_that_is_found(chart_py: Call) -> None:
    few, everything = chart_py("explain", "name"), chart_py("explain", "name", "--all")
    more = int(few.err.split("; ")[1].split()[0])
    assert len(everything.out.splitlines()) == len(few.out.splitlines()) + more
    assert "--all" not in everything.err


@pytest.mark.parametrize("name", ["hub.db.type", "hub.config.KubeSpawner.cmd", "hub", "values/minimal.yaml", "gpu"])
def test_json_says_the_same(chart_py: Call, name: str) -> None:
    data = json.loads(chart_py("explain", name, "-o", "json").out)
    assert name in (data.get("name"), *data.get("words", ()))
    if name == "hub.db.type":
        assert data["default"] == "sqlite-pvc"
        assert data["becomes"][0] == {
            "with": [],
            "places": [
                "c.JupyterHub.db_url",
                "PersistentVolumeClaim/hub-db-dir",
                "Deployment/hub spec.template.spec.containers[hub].args",
                "Deployment/hub spec.template.spec.containers[hub].volumeMounts",
                "Deployment/hub spec.template.spec.volumes",
            ],
        }


def test_nothing_is_wider_than_a_terminal() -> None:
    """But for the names of fields, which are not torn."""
    wide = []
    for path in known():
        for line in lines_of(explain([dotted(path)])):  # type: ignore[arg-type]
            if len(line) > 80 and len(line.split()[-1]) < 60:
                wide.append(line)
    assert wide == []


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("hub.dbb.type", "unknown setting: hub.dbb.type; did you mean hub.db.type?"),
        ("hub.extraEnv.A", "`explain hub.extraEnv` describes it"),
        ("hub.config.GithubOAuthenticator.client_id", "did you mean hub.config.GitHubOAuthenticator.client_id?"),
        ("hub.config.GitHubOAuthenticator.clientid", "did you mean hub.config.GitHubOAuthenticator.client_id?"),
        ("hub.config.GitHubOAuthenticator.zzz", "`explain hub.config.GitHubOAuthenticator` lists them"),
        ("hub.services.a.ulr", "did you mean hub.services.NAME.url?"),
        ("singlusr", "unknown setting: singlusr; did you mean singleuser?"),
        ("zzzzzzzz", "`explain` lists the sections"),
    ],
)
def test_what_is_not_there(chart_py: Call, word: str, said: str) -> None:
    ran = chart_py("explain", word)
    assert ran.code == 2
    assert said in ran.err
