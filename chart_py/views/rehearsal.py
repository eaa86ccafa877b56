"""A rehearsal for programs and for people: what was started by what, beside the findings."""

from __future__ import annotations

import json
from collections.abc import Iterable

from chart_py.finding import Finding
from chart_py.rehearsal.capacity import Fit
from chart_py.rehearsal.result import Rehearsal
from chart_py.views.findings import counted, fact

_SHOWN = ("jupyterhub", "jupyterhub-kubespawner")
_NAMES = {"jupyterhub": "JupyterHub", "jupyterhub-kubespawner": "KubeSpawner"}


def rehearsal_json(rehearsal: Rehearsal, findings: Iterable[Finding], fits: Iterable[Fit] = ()) -> str:
    """One JSON object: the findings, what was started, and by which software. No pod is in it, as pods have secrets."""
    walls = rehearsal.walls
    facts = {
        "findings": [fact(finding) for finding in findings],
        "hubStarted": rehearsal.hub is not None,
        "servers": [
            {
                "user": server.user,
                "name": server.name,
                "profile": server.slug or server.display_name,
                "choices": dict(server.choices),
                "started": not server.failed,
                "namespace": server.namespace,
                "pod": server.pod_name,
                "claim": server.claim_name if server.claim else None,
            }
            for server in rehearsal.servers
        ],
        "fits": [
            {
                "profile": fit.profile or None,
                "choices": dict(fit.choices),
                "node": fit.node.name,
                "servers": fit.servers,
                "serversOnAll": fit.most,
                "reasons": [reason.message for reason in fit.reasons],
            }
            for fit in fits
        ],
        "python": rehearsal.python,
        "packages": {name: rehearsal.packages[name] for name in _SHOWN if name in rehearsal.packages},
        "isolated": {"network": walls.network, "files": walls.files, "processes": walls.processes},
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def fits_text(fits: Iterable[Fit]) -> str:
    """A line for each way to start a server and each kind of node: how many fit, or why none does."""
    rows = []
    for fit in fits:
        choices = ", ".join(fit.choices.values())
        way = (fit.profile or "every server") + (f" ({choices})" if choices else "")
        number = f"{fit.servers} on each" + (f", {fit.most} on all" if fit.most is not None else "")
        why = "; ".join(reason.message for reason in fit.reasons)
        rows.append((way, fit.node.name, number if not fit.reasons else f"none: {why}"))
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    return "".join(f"{way:<{widths[0]}}  {node:<{widths[1]}}  {said}\n" for way, node, said in rows)


def rehearsal_summary(rehearsal: Rehearsal, findings: Iterable[Finding]) -> str:
    """The last line: how many findings there are, what started, and by which software."""
    packages = rehearsal.packages
    software = " and ".join(f"{_NAMES[name]} {packages[name]}" for name in _SHOWN if name in packages)
    found = counted(findings) or "nothing found"
    if rehearsal.hub is None:
        return f"{found}; the hub did not start ({software})"
    started = [server for server in rehearsal.servers if not server.failed]
    users = len({server.user for server in rehearsal.servers})
    servers = f"{len(started)} of {len(rehearsal.servers)} servers of {users} users started"
    return f"{found}; the hub and {servers} ({software})"
