"""What only some verbs need: a render does without, and who lacks it is told the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chart_py.extras import EXTRAS, MissingPackageError, need

ROOT = Path(__file__).parent.parent
# Runs the command line in a Python that has no package of the extras, however they are installed.
WITHOUT = """
import importlib.util, sys

class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {packages}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in {packages} else found(name, *rest)
sys.meta_path.insert(0, Nowhere())
from chart_py.__main__ import main
sys.exit(main())
"""


MANUAL = (
    "--set=proxy.https.enabled=true",
    "--set=proxy.https.hosts=[hub.example.org]",
    "--set=proxy.https.type=manual",
    "--set=proxy.https.manual.key=key",
    "--set=proxy.https.manual.cert=cert",
)


def without(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = WITHOUT.format(packages=sorted(EXTRAS))
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_a_render_needs_none_of_them() -> None:
    done = without("render", "-f", "values/minimal.yaml")
    assert (done.returncode, done.stdout.count("\nkind: ")) == (0, 30)


@pytest.mark.parametrize(
    ("arguments", "package", "extra"),
    [
        (("status", "--kubeconfig", "none"), "kubernetes", "cluster"),
        (("validate", "-f", "values/minimal.yaml", *MANUAL), "cryptography", "checks"),
    ],
)
def test_who_lacks_one_is_told_the_command(arguments: tuple[str, ...], package: str, extra: str) -> None:
    done = without(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: this needs the package {package}, which is not installed\n"
        f"   Run: python -m pip install 'chart_py[{extra}]'\n"
    )


def test_the_error_has_its_facts() -> None:
    from unittest.mock import patch

    with patch.dict(EXTRAS, {"no_such_package": "checks"}), pytest.raises(MissingPackageError) as caught:
        need("no_such_package")
    error = caught.value
    assert (error.package, error.extra, error.exit_code) == ("no_such_package", "checks", 2)
    assert error.command == "python -m pip install 'chart_py[checks]'"
