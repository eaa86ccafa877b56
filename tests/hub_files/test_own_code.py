"""The administrator's own code: files in jupyterhub_config.d/ and the parts of hub.extraConfig."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.hub_files import small_release
from tests.hub_files.mounted_hub import HOME, mounted
from tests.hub_files.small_release import VARIABLES

pytestmark = pytest.mark.usefixtures("hub_software")


def files(parts: Mapping[str, str | None], beside: Mapping[str, str] | None = None) -> dict[str, str]:
    """The small release with these parts of hub.extraConfig, and these files in jupyterhub_config.d/."""
    beside = {f"jupyterhub_config.d/{name}": text for name, text in (beside or {}).items()}
    return small_release.files({"hub": {"extraConfig": parts}}, beside=beside)


def test_files_run_before_parts_and_each_in_order(tmp_path: Path) -> None:
    parts = {
        "10-b": "c.Own.order.append('10-b')",
        "9-a": "c.Own.order.append('9-a')",
        "00": "c.Own.order.append('00')",
        "gone": None,
        "A": "c.Own.order.append('A')",
    }
    names = ["zz.py", "b.py", "B.py", "10.py", "c.py", "9.py", "x-y.py"]
    beside = {name: f"c.Own.order.append({name!r})" for name in names}
    beside |= {"00.py": "c.Own.order = ['00.py', c.JupyterHub.admin_access]", "c.txt": "no Python"}
    ran = ["00.py", "10.py", "9.py", "B.py", "b.py", "c.py", "x-y.py", "zz.py"]
    with mounted(tmp_path, files(parts, beside), VARIABLES) as hub:
        assert hub.section("Own") == {"order": ["00.py", True, *ran[1:], "00", "10-b", "9-a", "A"]}
        folder = hub.folder
        assert hub.output.splitlines()[1:] == [
            *(f"Loading {folder}/jupyterhub_config.d/{name}" for name in ran),
            "Loading hub.extraConfig.00",
            "Loading hub.extraConfig.10-b",
            "Loading hub.extraConfig.9-a",
            "Loading hub.extraConfig.A",
        ]


def test_code_goes_over_everything_else(tmp_path: Path) -> None:
    parts = {
        "a": "c.JupyterHub.admin_access = False\nc.JupyterHub.tornado_settings['x'] = 1\nc.KubeSpawner.uid += 1",
        "b": "c.KubeSpawner.environment.update(A='b')\nc.JupyterHub.services.append({'name': 's'})",
    }
    with mounted(tmp_path, files(parts), VARIABLES) as hub:
        assert hub.config.JupyterHub.admin_access is False
        assert hub.config.JupyterHub.tornado_settings == {"slow_spawn_timeout": 0, "x": 1}
        assert [service["name"] for service in hub.config.JupyterHub.services] == ["jupyterhub-idle-culler", "s"]
        assert (hub.config.KubeSpawner.uid, hub.config.KubeSpawner.environment) == (1001, {"A": "b"})


def test_values_are_at_hand_with_and_without_an_import(tmp_path: Path) -> None:
    parts = {
        "module": "import z2jh\nc.Own.word = z2jh.get_config('custom.word')",
        "names": "from z2jh import get_config as value\nc.Own.map = value('custom.map')",
        "plain": "c.Own.list = get_config('custom.list')\nc.Own.no = get_config('custom.no', True)",
        "others": "c.Own.others = [get_name('hub'), get_name_env('hub', '_SERVICE_PORT'), get_secret_value('k', 7)]\n"
        "set_config_if_not_none(c.Own, 'set', 'custom.word')",
        "modules": "c.Own.separator = os.sep + re.sub('a', 'b', 'a') + sys.platform[:0]",
    }
    with mounted(tmp_path, files(parts), VARIABLES) as hub:
        assert hub.section("Own") == {
            "word": "Hello",
            "map": {"key": "value"},
            "list": [1, 2],
            "no": True,
            "others": ["hub", "8081", 7],
            "set": "Hello",
            "separator": "/b",
        }


def test_parts_share_their_names_and_functions_see_them(tmp_path: Path) -> None:
    parts = {
        "1": "import json\nSHARED = [1]\ndef both():\n    return json.dumps([SHARED, LATER])",
        "2": "LATER = [2]",
        "3": "c.Own.both = both()",
    }
    with mounted(tmp_path, files(parts), VARIABLES) as hub:
        assert hub.config.Own.both == "[[1], [2]]"


GRAB = """
for word in list(globals()):
    if word not in ("c", "linecache", "word") and not word.startswith("__"):
        globals()[word] = None
"""


def test_code_may_use_any_name_for_itself(tmp_path: Path) -> None:
    """Of the names of jupyterhub_config.py not one is needed any more when others' code begins."""
    parts = {"a": GRAB, "b": "c.Own.reached = [entries, since, _run, get_config]"}
    with mounted(tmp_path, files(parts, {"a.py": GRAB}), VARIABLES) as hub:
        assert hub.section("Own") == {"reached": [None, None, None, None]}


def test_code_is_compiled_without_features_that_others_asked_for(tmp_path: Path) -> None:
    parts = {
        "1": "from __future__ import annotations\ndef f(x: int): ...\nc.Own.first = f.__annotations__['x']",
        "2": "def f(x: int): ...\nc.Own.second = f.__annotations__['x']",
    }
    with mounted(tmp_path, files(parts), VARIABLES) as hub:
        assert hub.section("Own") == {"first": "int", "second": int}


@pytest.mark.parametrize(
    ("parts", "beside", "error", "frames"),
    [
        (
            {"10-fine": "x = 1", "20-broken": "def ask():\n    return 1 / 0\n\nask()"},
            {},
            ZeroDivisionError,
            [("hub.extraConfig.20-broken", 4, "ask()"), ("hub.extraConfig.20-broken", 2, "return 1 / 0")],
        ),
        (
            {"part": "helper()"},
            {"team.py": "def helper():\n    {}['no']"},
            KeyError,
            [("hub.extraConfig.part", 1, "helper()"), ("{home}/jupyterhub_config.d/team.py", 2, "{}['no']")],
        ),
        ({}, {"team.py": "\nraise OSError"}, OSError, [("{home}/jupyterhub_config.d/team.py", 2, "raise OSError")]),
    ],
)
def test_a_traceback_names_the_code_and_quotes_it(
    tmp_path: Path,
    parts: dict[str, str],
    beside: dict[str, str],
    error: type[Exception],
    frames: list[tuple[str, int, str]],
) -> None:
    home = f"{tmp_path}{HOME}"
    with pytest.raises(error) as caught, mounted(tmp_path, files(parts, beside), VARIABLES):
        pass
    seen = [(frame.filename, frame.lineno, frame.line) for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert seen[-len(frames) :] == [(name.replace("{home}", home), line, text) for name, line, text in frames]


def test_code_that_is_no_python_is_named_with_its_line(tmp_path: Path) -> None:
    with (
        pytest.raises(SyntaxError) as caught,
        mounted(tmp_path, files({"a": "x = 1", "b": "y = 1\nif y\n"}), VARIABLES),
    ):
        pass
    assert (caught.value.filename, caught.value.lineno, caught.value.text) == ("hub.extraConfig.b", 2, "if y\n")


def test_code_that_ends_the_hub_ends_it(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped, mounted(tmp_path, files({"a": "sys.exit(7)"}), VARIABLES):
        pass
    assert stopped.value.code == 7


def test_a_spawner_of_ones_own_makes_the_pods(tmp_path: Path) -> None:
    own = """
from kubespawner import KubeSpawner

class Lab(KubeSpawner):
    async def get_pod_manifest(self):
        pod = await super().get_pod_manifest()
        pod.metadata.name += get_config("custom.word").lower()
        return pod

c.JupyterHub.spawner_class = Lab
"""
    with mounted(tmp_path, files({"spawner": own}), VARIABLES) as hub:
        assert hub.server("wash").pod["metadata"]["name"] == "jupyter-washhello"
