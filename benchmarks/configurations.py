"""The configurations that are measured: the smallest, everything in values/ that goes together, and ones that grow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from chart_py import Context, Loaded, context_for, load_values

ROOT = Path(__file__).parent.parent
VALUES = ROOT / "values"
TOGETHER = (
    *("login-github", "https-letsencrypt", "gpu-profiles", "autoscaling", "postgres"),
    *("named-servers", "network-lockdown", "services-and-roles", "shared-nfs"),
)


def small() -> Path:
    """The smallest configuration that lets people in."""
    return VALUES / "minimal.yaml"


def large(folder: Path) -> Path:
    """One file with all needs of `TOGETHER`, comments and all: a hub as universities have them."""
    merged = load_values([VALUES / f"{name}.yaml" for name in TOGETHER])
    said: dict[str, Any] = {}
    for layer in merged.sources.layers:
        _lay(said, layer.tree)
    comments = [
        line for name in TOGETHER for line in (VALUES / f"{name}.yaml").read_text().splitlines() if "# " in line
    ]
    file = folder / "config.yaml"
    head = "".join(f"# {line.partition('# ')[2]}\n" for line in comments)
    file.write_text(head + yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    return file


def _lay(below: dict[str, Any], over: dict[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _lay(below[key], value)
        else:
            below[key] = dict(value) if isinstance(value, dict) else value


def with_profiles(folder: Path, count: int) -> Path:
    """A configuration with `count` profiles, each with an image of its own that has to be pulled."""
    profiles = [
        {
            "display_name": f"Course {number}",
            "description": f"The image of course {number}",
            "slug": f"course-{number}",
            "kubespawner_override": {
                "image": f"registry.example.org/courses/course-{number}:2025.09",
                "mem_limit": "4G",
                "environment": {"COURSE": str(number)},
            },
        }
        for number in range(count)
    ]
    file = folder / f"profiles-{count}.yaml"
    file.write_text(yaml.safe_dump({"singleuser": {"profileList": profiles}}, sort_keys=False), encoding="utf-8")
    return file


def many(folder: Path, count: int) -> Path:
    """A folder with `count` configurations, all a little different."""
    made = folder / f"hubs-{count}"
    made.mkdir()
    text = small().read_text(encoding="utf-8")
    for number in range(count):
        (made / f"hub-{number}.yaml").write_text(f"{text}cull: {{timeout: {3600 + number}}}\n", encoding="utf-8")
    return made


def steady(loaded: Loaded) -> Context:
    """A context whose secrets are always the same."""
    return context_for(loaded, token=lambda: "0" * 64)
