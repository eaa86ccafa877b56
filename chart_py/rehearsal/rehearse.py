"""Owns the rehearsal of loaded values: render them, have the hub's Python start them, say what is wrong at its line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from chart_py.checks.silence import heard
from chart_py.context import Context
from chart_py.errors import UsageError
from chart_py.finding import Finding, Level, in_order
from chart_py.manifest import Manifest
from chart_py.rehearsal.capacity import Fit, fit_findings, fits_of
from chart_py.rehearsal.container import container_of
from chart_py.rehearsal.fitting import Node
from chart_py.rehearsal.hub_findings import hub_findings
from chart_py.rehearsal.origins import Origins
from chart_py.rehearsal.people import people
from chart_py.rehearsal.result import Rehearsal
from chart_py.rehearsal.security_findings import security_findings
from chart_py.rehearsal.server_findings import server_findings
from chart_py.rehearsal.software import software
from chart_py.rehearsal.worker import SECONDS, Worker
from chart_py.rendering import context_for, render
from chart_py.spelling import nearest
from chart_py.values.load import Loaded


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal and all findings, those of the values too, in the order of the file; `fits` where nodes are given."""

    rehearsal: Rehearsal
    findings: tuple[Finding, ...]
    fits: tuple[Fit, ...] = ()


def rehearse(
    loaded: Loaded,
    worker: Worker | None = None,
    *,
    context: Context | None = None,
    users: Sequence[str] = (),
    profile: str | None = None,
    seconds: float = SECONDS,
    nodes: Sequence[Node] = (),
    pod_security: str = "",
    ignored: Collection[str] = (),
    strict: bool = False,
) -> Rehearsed:
    """Start a hub and its users' servers, without a cluster, and say what is wrong with them.

    `worker` is the hub's Python, which many rehearsals can share; without one it is started for this one, and its
    packages are installed where they are not. `users` start servers, the usual ones where none is named; `profile`
    leaves the other profiles out; `seconds` is the most that it takes. On `nodes` (`read_nodes`) every profile has to
    fit, and `pod_security` (baseline or restricted) is the level that may refuse no pod. `ignored`
    and `strict` are as in `load`. This runs the configuration's own Python (docs/rehearse.md says within which limits).

    Raises ValuesError where the values cannot be rendered, UsageError where no user is offered the `profile`,
    SoftwareError where packages cannot be installed,
    UnusablePythonError where the Python has no JupyterHub.
    """
    if worker is None:
        with Worker(software(loaded.edition.chart).python) as own:
            again = partial(rehearse, loaded, own, context=context, users=users, profile=profile, seconds=seconds)
            return again(nodes=nodes, pod_security=pod_security, ignored=ignored, strict=strict)
    context = context_for(loaded, replace(context or Context(), edition=loaded.edition))
    manifests = render(loaded, context)
    container = container_of(manifests)
    rehearsal = worker.rehearse(container, people(users), profile=profile, seconds=seconds)
    if profile is not None and not rehearsal.servers and any(rehearsal.profiles.values()):
        raise UsageError(_unknown_profile(loaded, profile))
    found = findings_of(loaded, rehearsal, manifests, seconds)
    origins = Origins(loaded, rehearsal, dict(container.files))
    fits = fits_of(rehearsal, manifests, nodes)
    more = fit_findings(fits, origins)
    if pod_security:
        more += security_findings(pod_security, rehearsal, origins, manifests)
    found += [loaded.sources.in_own_words(finding) for finding in more]
    found = heard(found, loaded.sources, ignored=ignored, strict=strict)
    findings = tuple(in_order([*loaded.findings, *found], loaded.sources.files))
    return Rehearsed(rehearsal, findings, tuple(fit for _, fit in fits))


def _unknown_profile(loaded: Loaded, profile: str) -> str:
    """What is said of a profile that nobody is offered."""
    listed = [each for each in loaded.values.singleuser.profileList or [] if isinstance(each, dict)]
    names = [str(each[key]) for each in listed for key in ("slug", "display_name") if each.get(key)]
    near = nearest(profile, names)
    hint = f"did you mean {near[0]}?" if near else f"the profiles are {', '.join(names)}" if names else ""
    return f"--profile {profile}: unknown profile" + (f"; {hint}" if hint else "")


def findings_of(
    loaded: Loaded, rehearsal: Rehearsal, manifests: Sequence[Manifest], seconds: float = SECONDS
) -> list[Finding]:
    """What a rehearsal found, at the settings as the user wrote them; what the values' own findings say is left out."""
    container = container_of(manifests)
    origins = Origins(loaded, rehearsal, dict(container.files))
    servers = [
        finding
        for finding in server_findings(rehearsal, origins, manifests)
        if not any(_same(finding, known) for known in loaded.findings)
    ]
    found = [*hub_findings(rehearsal, origins, container, seconds), *servers]
    return [loaded.sources.in_own_words(finding) for finding in found]


def _same(finding: Finding, known: Finding) -> bool:
    """Whether a finding of the values says of the same line what this one says."""
    lines = [(f.place.file, f.place.line) for f in (finding, known) if f.place and f.place.line]
    return len(lines) == 2 and lines[0] == lines[1] and known.level is not Level.NOTE
