"""Owns the rehearsal of loaded values: render them, have the hub's Python start them, say what is wrong at its line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from chart_py.checks.silence import heard
from chart_py.context import Context
from chart_py.finding import Finding, in_order
from chart_py.rehearsal.container import Container, container_of
from chart_py.rehearsal.hub_findings import hub_findings
from chart_py.rehearsal.origins import Origins
from chart_py.rehearsal.people import people
from chart_py.rehearsal.result import Rehearsal
from chart_py.rehearsal.software import software
from chart_py.rehearsal.worker import SECONDS, Worker
from chart_py.rendering import context_for, render
from chart_py.values.load import Loaded


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal and all findings, those of the values too, in the order of the file."""

    rehearsal: Rehearsal
    findings: tuple[Finding, ...]


def rehearse(
    loaded: Loaded,
    worker: Worker | None = None,
    *,
    context: Context | None = None,
    users: Sequence[str] = (),
    profile: str | None = None,
    seconds: float = SECONDS,
    ignored: Collection[str] = (),
    strict: bool = False,
) -> Rehearsed:
    """Start a hub and its users' servers, without a cluster, and say what is wrong with them.

    `worker` is the hub's Python, which many rehearsals can share; without one it is started for this one, and its
    packages are installed where they are not. `users` start servers, the usual ones where none is named; `profile`
    leaves the other profiles out; `seconds` is the most that it takes. `ignored` and `strict` are as in `load`. This
    runs the configuration's own Python (docs/rehearse.md says within which limits).

    Raises ValuesError where the values cannot be rendered, SoftwareError where packages cannot be installed,
    UnusablePythonError where the Python has no JupyterHub.
    """
    if worker is None:
        with Worker(software(loaded.edition.chart).python) as own:
            again = partial(rehearse, loaded, own, context=context, users=users, profile=profile, seconds=seconds)
            return again(ignored=ignored, strict=strict)
    context = context_for(loaded, replace(context or Context(), edition=loaded.edition))
    container = container_of(render(loaded, context))
    rehearsal = worker.rehearse(container, people(users), profile=profile, seconds=seconds)
    found = findings_of(loaded, rehearsal, container, seconds)
    found = heard(found, loaded.sources, ignored=ignored, strict=strict)
    return Rehearsed(rehearsal, tuple(in_order([*loaded.findings, *found], loaded.sources.files)))


def findings_of(loaded: Loaded, rehearsal: Rehearsal, container: Container, seconds: float = SECONDS) -> list[Finding]:
    """What a rehearsal found, at the settings as the user wrote them."""
    origins = Origins(loaded, rehearsal, dict(container.files))
    return [loaded.sources.in_own_words(finding) for finding in hub_findings(rehearsal, origins, container, seconds)]
