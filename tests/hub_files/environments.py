"""Owns the environments of older hub images: their Python and their packages, pinned, in the user's cache.

    scripts/hub-environments build [VERSION ...]

What needs a C library to be built (pycurl and drivers of databases) is left out: nothing that the hub's files decide
depends on it. Where the image's Python is not installed here, the newest one that is takes its place.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from chart_py.editions.hub_packages import hub_image

VERSIONS = ("1.0.0", "1.2.0", "2.0.0", "3.0.0", "3.3.8", "4.0.0", "4.4.0", "5.0.0-dev")
"""One chart for each JupyterHub and KubeSpawner that differ in what the hub's files say to them."""

LEFT_OUT = ("pycurl", "psycopg2", "psycopg2-binary", "py-spy", "ruamel.yaml.clib", "mwoauth")


def folder(version: str) -> Path:
    """Where the environment of a chart's hub image is, or would be."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "chart_py" / "hub-environments" / version


def python(version: str) -> Path | None:
    """The Python of a chart's hub image; None where it was not built."""
    found = folder(version) / "bin" / "python"
    return found if (folder(version) / "built").exists() else None


def interpreter(wanted: str) -> str:
    """A Python of this version, as 3.9; the newest that there is where none is."""
    versions = Path.home() / ".pyenv" / "versions"
    there = sorted(versions.glob("3.*"), key=lambda path: [int(number) for number in re.findall(r"\d+", path.name)])
    if same := [path for path in there if path.name.startswith(f"{wanted}.")]:
        return str(same[-1] / "bin" / "python")
    found = shutil.which(f"python{wanted}")
    if found and "shims" not in Path(found).parts:
        return found
    return str(there[-1] / "bin" / "python") if there else sys.executable


def build(version: str) -> None:
    """Make the environment of one chart's hub image."""
    image, where = hub_image(version), folder(version)
    run = interpreter(image.python)
    print(f"{version}: Python {image.python} ({run})", flush=True)
    subprocess.run([run, "-m", "venv", "--clear", str(where)], check=True)
    pins = [f"{name}=={pin}" for name, pin in image.packages.items() if name.lower() not in LEFT_OUT]
    pip = [str(where / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *pins], check=True)
    (where / "built").write_text(run, encoding="utf-8")


def main(words: Sequence[str]) -> int:
    """The command line: `build`, with the charts whose environments to make; all of them where none is named."""
    if words[:1] != ["build"] or not set(words[1:]) <= set(VERSIONS):
        print(f"usage: hub-environments build [VERSION ...]\nversions: {' '.join(VERSIONS)}", file=sys.stderr)
        return 2
    for version in words[1:] or VERSIONS:
        if python(version) is None:
            build(version)
    return 0
