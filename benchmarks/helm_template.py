"""A cold render beside `helm template` of a packaged chart: its defaults, its schema, and templates of our objects."""

from __future__ import annotations

import json
import subprocess
from functools import partial
from pathlib import Path

import yaml

from benchmarks import processes
from benchmarks.configurations import steady
from benchmarks.pairs import measured, pair_of
from benchmarks.rows import Row, timed
from chart_py import load_values, render, to_documents
from chart_py.manifest.order import hook_events
from chart_py.reference.json_schema import of_settings
from chart_py.values.load import default_tree
from tests.control_plane.binaries import path

NEEDED = ("helm",)


def package(folder: Path, config: Path) -> Path:
    """A chart of `config`'s objects as a .tgz: Helm reads the defaults, checks the values by the schema, fills in all.

    The templates hold no logic, so that the chart itself is the slower one: what Helm does here, it does there too.
    """
    chart = folder / "jupyterhub"
    (chart / "templates").mkdir(parents=True)
    meta = {"apiVersion": "v2", "name": "jupyterhub", "version": "4.4.0"}
    (chart / "Chart.yaml").write_text(json.dumps(meta), encoding="utf-8")
    (chart / "values.yaml").write_text(yaml.safe_dump(default_tree()), encoding="utf-8")
    (chart / "values.schema.json").write_text(json.dumps(of_settings()), encoding="utf-8")
    loaded = load_values([config])
    for number, manifest in enumerate(render(loaded, steady(loaded))):
        if not hook_events(manifest):
            text = to_documents([manifest]).replace("{{", '{{"{{"}}')
            (chart / "templates" / f"{number}.yaml").write_text(text, encoding="utf-8")
    command: processes.Command = [path("helm"), "package", chart, "--destination", folder]
    subprocess.run(command, check=True, capture_output=True, env=processes.ENVIRONMENT)
    [made] = folder.glob("*.tgz")
    return made


def row(config: Path, folder: Path, turns: int, chart: Path | None = None) -> Row:
    """Whole processes: ours, and Helm's with `chart`, a packaged one, else with that of `package`."""
    helm: processes.Command = [path("helm"), "template", "jhub", chart or package(folder, config), "-f", config]

    def wall(command: processes.Command) -> float:
        return processes.used(command).wall

    turned = measured(partial(wall, processes.render_command(config)), partial(wall, helm), turns)
    whose = chart.name if chart else "a chart without logic"
    return timed(f"cold start, small, beside `helm template` of {whose}", pair_of(turned), "≤ 1.3" if chart else "")
