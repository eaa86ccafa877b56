"""Golden files: what each configuration of a folder renders, kept beside it and compared in CI."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml

from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.editions import TODAY
from chart_py.errors import ChartError, FileError, UsageError
from chart_py.manifest import Manifest
from chart_py.manifest.difference import differences, is_checksum
from chart_py.manifest.documents import from_documents, to_documents
from chart_py.manifest.embedded import opened
from chart_py.manifest.key import Key, key_of
from chart_py.manifest.shown import lines
from chart_py.rendering import context_for, render
from chart_py.values.load import load_values


class Outcome(enum.Enum):
    """What became of one configuration."""

    SAME = "same"
    DIFFERS = "differs"
    MISSING = "missing"
    ORPHAN = "orphan"
    REFUSED = "refused"
    WRITTEN = "written"


@dataclass(frozen=True)
class Golden:
    """One configuration's outcome, and the lines that say what changed."""

    name: str
    outcome: Outcome
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """What is compared: a configuration's file, its golden file, and how it is rendered."""

    name: str
    values: Path
    golden: Path
    context: Context
    chart_version: str
    update: bool


def text_of(values: Path, context: Context, chart_version: str = TODAY) -> str:
    """The golden text of a configuration; secrets that it does not set are zeros, so that it is always the same."""
    loaded = load_values([values], chart_version=chart_version, release=context.release)
    return to_documents(render(loaded, context_for(loaded, context, token=lambda: MASK)))


def compare(job: Job) -> Golden:
    """Render one configuration and compare it with its golden file, or write that."""
    try:
        text = text_of(job.values, job.context, job.chart_version)
    except ChartError as error:
        return Golden(job.name, Outcome.REFUSED, tuple(str(error).splitlines()))
    try:
        old = job.golden.read_text(encoding="utf-8") if job.golden.exists() else None
        if old == text:
            return Golden(job.name, Outcome.SAME)
        if job.update:
            job.golden.parent.mkdir(parents=True, exist_ok=True)
            job.golden.write_text(text, encoding="utf-8")
            return Golden(job.name, Outcome.WRITTEN, tuple(changes(old or "", text)))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text file"
        return Golden(job.name, Outcome.REFUSED, (f"{job.golden}: error: {reason}",))
    if old is None:
        return Golden(
            job.name, Outcome.MISSING, (f"{job.golden} is not there; `golden {job.name} --update` writes it",)
        )
    return Golden(job.name, Outcome.DIFFERS, tuple(changes(old, text)))


def changes(before: str, after: str) -> Iterable[str]:
    """What changed from one YAML text of objects to another: a line for each object, and for each of its fields."""
    try:
        old, new = (by_key(from_documents(text)) for text in (before, after))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield f"the golden file is not YAML{f' (line {mark.line + 1})' if mark else ''}"
        return
    found = False
    for key in [*old, *(k for k in new if k not in old)]:
        if key not in new:
            yield f"- {key}"
        elif key not in old:
            yield f"+ {key}"
        elif old[key] != new[key]:
            yield f"~ {key}"
            yield from (f"    {line}" for line in field_lines(old[key], new[key]))
        found = found or old.get(key) != new.get(key)
    if not found:
        yield "the same objects, written in another order or form"


def field_lines(before: Manifest, after: Manifest) -> Iterable[str]:
    """A line for each field of an object that changed; checksums follow from what they are of, and are one."""
    found = differences(opened(before), opened(after))
    own = [each for each in found if not is_checksum(each.path)]
    for each in own:
        yield from lines(each)
    if any(is_checksum(each.path) and each.path[:2] == ("spec", "template") for each in found):
        yield "its pods restart: the checksum of what they read changes"
    elif len(own) < len(found):
        yield "a checksum changes"
    if not found:
        yield "the same content, written in another form"


def by_key(manifests: Iterable[Manifest]) -> dict[Key, Manifest]:
    """Objects by their keys, not by namespace: an object in another one is the same object, moved."""
    return {key_of(manifest)._replace(namespace=""): manifest for manifest in manifests}


def jobs(
    values: Path,
    golden: Path,
    names: Sequence[str],
    *,
    context: Context,
    chart_version: str = TODAY,
    update: bool = False,
) -> tuple[list[Job], list[Golden]]:
    """The comparisons to make, and the golden files without a configuration; raises FileError or UsageError."""
    if not values.is_dir():
        raise FileError(
            str(values), "no such folder", "--values names the folder with the configurations, one file each."
        )
    found = {file.stem: file for file in sorted(values.iterdir()) if file.suffix in (".yaml", ".yml")}
    if not found:
        raise FileError(str(values), "no .yaml file in this folder")
    for name in names:
        if name not in found:
            raise UsageError(f"{values} has no {name}.yaml; configurations there: {', '.join(found)}")
    chosen = {name: found[name] for name in names} if names else found
    made = [Job(n, f, golden / f"{n}.yaml", context, chart_version, update) for n, f in chosen.items()]
    orphans = [] if names or not golden.is_dir() else [f for f in sorted(golden.glob("*.y*ml")) if f.stem not in found]
    return made, [Golden(f.stem, Outcome.ORPHAN, (f"{f} matches no file in {values}; delete it",)) for f in orphans]


def run(work: Sequence[Job]) -> list[Golden]:
    """Compare all, in as many processes as there are processors (a few configurations are not worth a process)."""
    workers = min(os.cpu_count() or 1, (len(work) + 3) // 4)
    if workers < 2:
        return [compare(job) for job in work]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(compare, work, chunksize=4))
