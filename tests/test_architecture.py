"""The folders are the architecture: who may import whom, what is loaded when, how long things get."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import chart_py

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "chart_py"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each room, a folder or a module of chart_py, with the rooms that it may import. A new room needs a line here.
GROUND = {"duration", "errors", "extras", "finding", "pattern", "quantity", "secrecy", "spelling"}
ROOMS: dict[str, set[str]] = {
    "duration": set(),
    "quantity": set(),
    "pattern": set(),
    "finding": {"pattern", "secrecy"},
    "secrecy": {"pattern", "spelling"},
    "spelling": set(),
    "errors": {"finding"},
    "extras": {"errors"},
    "editions": GROUND,
    "context": {"editions"} | GROUND,
    "manifest": GROUND,
    "values": {"editions"} | GROUND,
    "resources": {"values", "manifest", "context", "editions"} | GROUND,
    "credentials": {"resources", "values", "manifest", "context", "editions"} | GROUND,
    "rendering": {"credentials", "resources", "values", "manifest", "context", "editions"} | GROUND,
    "fleet": {"golden", "reach", "rendering", "credentials", "values", "manifest", "context", "editions"} | GROUND,
    "golden": {"rendering", "credentials", "values", "manifest", "context", "editions"} | GROUND,
    "reach": {"resources", "values", "manifest", "context", "editions"} | GROUND,
    "checks": {"reach", "rendering", "resources", "values", "manifest", "context", "editions"} | GROUND,
    "rehearsal": {"checks", "rendering", "resources", "values", "manifest", "context", "editions"} | GROUND,
    "reference": {"checks", "rendering", "credentials", "values", "manifest", "context", "editions"} | GROUND,
    "migrate": {"checks", "rendering", "credentials", "values", "manifest", "context", "editions"} | GROUND,
    "upgrade": {"reach", "rendering", "credentials", "values", "manifest", "context", "editions"} | GROUND,
    "changes": {"manifest"} | GROUND,
    "release": {"manifest"} | GROUND,
    "cluster": {"manifest"} | GROUND,
    "health": {"manifest"} | GROUND,
    "engine": {"reach", "rendering", "resources", "credentials", "changes", "release", "cluster", "health"}
    | {"values", "manifest", "context", "editions"}
    | GROUND,
    "views": {"changes", "checks", "reach", "rehearsal", "manifest", "reference", "upgrade", "editions", "fleet"}
    | GROUND,
    "cli": {
        "views",
        "engine",
        "checks",
        "fleet",
        "golden",
        "migrate",
        "reach",
        "reference",
        "rehearsal",
        "rendering",
        "credentials",
        "changes",
        "release",
        "upgrade",
    }
    | {"views", "cluster", "health", "values", "manifest", "context", "editions", "__init__"}
    | GROUND,
    "hub_files": set(),
    # Runs in the hub's own Python, by its path: it has none of chart_py.
    "hub_stage": set(),
    "__init__": {"changes", "checks", "cluster", "credentials", "engine", "reference", "rehearsal", "release"}
    | {"rendering", "upgrade", "views"}
    | {"values", "manifest", "context", "editions"}
    | GROUND,
    "__main__": {"cli"},
}
# What only some rooms may import of what others have written.
ONLY_IN = {
    "kubernetes": {"cluster"},
    "urllib3": {"cluster"},
    "rich": {"cli"},
    "click": {"cli"},
    "pydantic": {"values", "reference"},
    "pydantic_core": {"values"},
}
# What runs where the hub's packages are, and not chart_py's.
IN_THE_HUB = {"hub_files", "hub_stage"}
# The names under which the dependencies are imported, where they are others.
IMPORT_NAMES = {"pyyaml": "yaml"}
# pydantic is made of these and says so.
BROUGHT_ALONG = {"pydantic_core", "typing_extensions"}
# A builder has no client, file, clock, random or global.
IMPURE = {"datetime", "io", "os", "pathlib", "random", "secrets", "socket", "subprocess", "tempfile", "time", "uuid"}
# It reads the files that ship with chart_py, which never change while it runs.
READS_PACKAGE_DATA = {("chart_py/resources/hub/config_map.py", "pathlib")}


def room_of(file: Path) -> str:
    """The room that a module belongs to."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def syntax(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, anywhere in it and for types too, with the line."""
    for node in ast.walk(syntax(file)):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: imports are written out, without dots at the front"
            # `from chart_py import cli` imports the room as well as `from chart_py.cli import main`; the version is
            # no room's.
            within = {*ROOMS, "__version__"} if node.module == "chart_py" else set()
            yield from (
                (f"chart_py.{name.name}" if name.name in within else str(node.module), node.lineno)
                for name in node.names
            )


def imported_rooms(file: Path) -> Iterator[tuple[str, int]]:
    """The rooms of chart_py that a file imports from, with the line."""
    for name, line in imports(file):
        first, _, rest = name.partition(".")
        if first == "chart_py" and rest != "__version__":
            yield rest.partition(".")[0] or "__init__", line


def dependencies(*extras: str) -> list[str]:
    """The dependencies in pyproject.toml, those of `extras` too."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    said = []
    for name in ("dependencies", *extras):
        found = re.search(rf"^{name} = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)
        assert found, name
        said += re.findall(r'"([^"]+)"', found[1])
    return said


def test_every_room_has_its_directions() -> None:
    assert {room_of(file) for file in MODULES} - set(ROOMS) == set()


def test_the_directions_have_no_circle() -> None:
    assert len(list(TopologicalSorter(ROOMS).static_order())) == len(ROOMS)


def test_nobody_imports_against_the_directions() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line}: {room_of(file)} may not import {other}"
        for file in MODULES
        for other, line in imported_rooms(file)
        if other != room_of(file) and other not in ROOMS[room_of(file)]
    ]
    assert wrong == []


def test_the_public_names_lead_to_rooms_that_they_may() -> None:
    homes = {home.partition(".")[0] for home in chart_py._HOME.values()}
    assert homes <= ROOMS["__init__"]
    assert sorted(chart_py._HOME) == sorted(chart_py.__all__)
    assert [name for name in chart_py.__all__ if not hasattr(chart_py, name)] == []


def test_what_others_have_written_is_declared_and_stays_in_its_rooms() -> None:
    declared = {re.split(r"[ <>=!~;\[]", line)[0].lower() for line in dependencies("cluster", "checks")}
    known = {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in declared} | BROUGHT_ALONG
    wrong = []
    for file in MODULES:
        for name, line in imports(file):
            first = name.partition(".")[0]
            where = f"{file.relative_to(ROOT)}:{line}"
            if first in sys.stdlib_module_names or first == "chart_py" or room_of(file) in IN_THE_HUB:
                continue
            if first not in known:
                wrong.append(f"{where}: {first} is no dependency of pyproject.toml")
            if room_of(file) not in ONLY_IN.get(first, set(ROOMS)):
                wrong.append(f"{where}: {first} is imported in {ONLY_IN[first]} only")
    assert wrong == []


def test_nothing_private_of_pydantic_is_used() -> None:
    """What begins with an underscore can change in any release."""
    private = [
        f"{file.relative_to(ROOT)}:{line}: {name}"
        for file in MODULES
        for name, line in imports(file)
        if name.startswith("pydantic") and any(part.startswith("_") for part in name.split("."))
    ]
    assert private == []
    assert [line for line in dependencies() if line.startswith("pydantic")] == ["pydantic>=2.11,<3"]


def test_what_is_not_python_is_packed_too() -> None:
    """An installed chart_py has all files of the clone's."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r"^chart_py = \[(.*?)\]", text, re.DOTALL | re.MULTILINE)
    assert found
    packed = {file for pattern in re.findall(r'"([^"]+)"', found[1]) for file in PACKAGE.glob(pattern)}
    there = {file for file in PACKAGE.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    assert there - packed - set(MODULES) == set()


def test_the_hubs_files_stand_alone() -> None:
    """They run in the hub's image, which has no chart_py, and nothing here imports them."""
    assert [file for file in PACKAGE.glob("hub_files/*.py") if any(imported_rooms(file))] == []
    assert [file for file in MODULES for other, _ in imported_rooms(file) if other == "hub_files"] == []


def test_the_rehearsals_stage_stands_alone() -> None:
    """It runs in an environment that has no chart_py, and is started by its path: nothing here imports it."""
    assert {other for file in PACKAGE.glob("hub_stage/*.py") for other, _ in imported_rooms(file)} == {"hub_stage"}
    others = [file for file in MODULES if room_of(file) != "hub_stage"]
    assert [file for file in others for other, _ in imported_rooms(file) if other == "hub_stage"] == []


def test_builders_are_pure() -> None:
    wrong = []
    for file in PACKAGE.glob("resources/**/*.py"):
        where = file.relative_to(ROOT).as_posix()
        wrong += [
            f"{where}:{line}: {name}"
            for name, line in imports(file)
            if name.partition(".")[0] in IMPURE and (where, name) not in READS_PACKAGE_DATA
        ]
        for node in ast.walk(syntax(file)):
            if isinstance(node, ast.Global):
                wrong.append(f"{where}:{node.lineno}: global")
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                wrong.append(f"{where}:{node.lineno}: open")
    assert wrong == []


def test_only_the_command_line_talks() -> None:
    """Verbs are a library: no print and no prompt outside of cli (and of the files that run in the hub)."""
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.func.id}"
        for file in MODULES
        if room_of(file) not in ("cli", "hub_files")
        for node in ast.walk(syntax(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "input")
    ]
    assert wrong == []


def test_changes_release_and_cluster_know_nothing_of_jupyterhub() -> None:
    wrong = []
    for file in (f for f in MODULES if room_of(f) in ("changes", "release", "cluster", "health")):
        tree = syntax(file)
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        said = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
        wrong += [
            f"{file.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in said
            if re.search(r"(?i)jupyter|singleuser|autohttps", node.value)
        ]
    assert wrong == []


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_module_says_what_it_owns_and_stays_short(file: Path) -> None:
    tree = syntax(file)
    assert ast.get_docstring(tree), "a module opens with one sentence on what it owns"
    assert file.stem not in ("utils", "util", "helpers", "helper", "common", "misc", "manager", "tools")
    assert len(file.read_text(encoding="utf-8").splitlines()) < 400
    most = 60 if room_of(file) == "resources" else 49
    functions = (n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)))
    long = {f.name: lines for f in functions if (lines := (f.end_lineno or 0) - f.lineno + 1) > most}
    assert long == {}


def loaded(code: str) -> set[str]:
    """The modules that a process of its own has loaded once `code` has run."""
    code = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-I", "-c", HERE + code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


# -I keeps the process from loading what the machine's settings name; the package is found by its folder.
HERE = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
HEAVY = {"kubernetes", "rich", "ruamel", "requests", "urllib3", "jsonschema", "jinja2", "asyncio", "http.client"}


def test_importing_chart_py_loads_nothing_heavy() -> None:
    nothing = loaded("")
    assert {name.partition(".")[0] for name in loaded("import chart_py") - nothing} - sys.stdlib_module_names == {
        "chart_py"
    }
    assert loaded("import chart_py") & HEAVY == set()


@pytest.mark.parametrize("example", ["minimal", "https-letsencrypt", "gpu-profiles"])
def test_a_whole_render_loads_neither_kubernetes_nor_rich(example: str) -> None:
    render = (
        "import contextlib, io\nfrom chart_py.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):\n"
        f"    assert main(['render', '-f', {str(ROOT / 'values' / example)!r} + '.yaml']) == 0\n"
        "assert 'kind: Deployment' in out.getvalue()"
    )
    assert loaded(render) & HEAVY == set()


def doors() -> list[tuple[str, str, str]]:
    """The rows of CONTRIBUTING.md that say where to look first: what for, which file, and which name in it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(r"^\| ([^|]+) \| `([\w/]+\.py)`: `(\w+)`[^|]*\|$", text, re.MULTILINE)


def test_there_are_fifteen_doors() -> None:
    assert len(doors()) == 15


@pytest.mark.parametrize(("question", "file", "name"), doors(), ids=[file for _, file, _ in doors()])
def test_the_doors_of_the_map_open(question: str, file: str, name: str) -> None:
    """What the page sends a stranger to is there, under that name."""
    body = syntax(PACKAGE / file).body
    named = {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    for node in body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        named |= {target.id for target in targets if isinstance(target, ast.Name)}
    assert name in named


def test_the_map_has_every_room() -> None:
    """A room that is not in the table of CONTRIBUTING.md is one that nobody finds."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE)
    told = {name.rstrip("/") for row in rows for name in re.findall(r"`([\w/]+)`", row)}
    assert set(ROOMS) - told == {"__init__", "__main__"}
