"""Where people log in, on a screen: the URL, what DNS has to say, and a command where nothing else leads there."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from chart_py.cli.screen import tell

if TYPE_CHECKING:
    from chart_py.cli.cluster import Where
    from chart_py.engine.entrance import Entrance, Entrances, Forward


def print_entrances(found: Entrances, where: Where) -> None:
    """Print where people log in."""
    for line in lines(found, where):
        tell(line)


def lines(found: Entrances, where: Where) -> list[str]:
    """What is said of a hub's entrances; nothing where it has no public Service."""
    from chart_py.engine.entrance import Way

    said: list[str] = []
    for way in found.ways:
        if way.way is not Way.FORWARD:
            said += [f"Log in at {way.url}", *(f"   {line}" for line in _dns(way))]
    if found.forward is not None and not found.is_sure:
        lead = "Until then, log in" if said else "Log in"
        said += [f"{lead} at {found.forward.url} while this runs:", f"   {command(found.forward, where)}"]
    return said


def command(forward: Forward, where: Where) -> str:
    """The `kubectl port-forward` that reaches the hub, with the cluster that the options name."""
    from chart_py.engine.entrance import LOCAL_PORT

    words = ["kubectl"]
    words += ["--kubeconfig", where.kubeconfig] if where.kubeconfig else []
    words += ["--context", where.context_name] if where.context_name else []
    ports = f"{LOCAL_PORT}:{forward.port}"
    return shlex.join([*words, "-n", forward.namespace, "port-forward", f"service/{forward.service}", ports])


def _dns(way: Entrance) -> list[str]:
    if not way.name:
        return []
    at = " or ".join(way.target)
    if way.dns is None:
        return [f"DNS gave no answer about {way.name}" + (f"; it should lead to {at}." if at else ".")]
    if not way.dns:
        add = f"add one that leads to {at}." if at else "add one when the load balancer has an address."
        return [f"{way.name} has no DNS record: {add}"]
    if way.leads_elsewhere:
        return [
            f"DNS leads {way.name} to {' and '.join(way.dns)}, but the cluster takes requests at {at}: "
            "correct the record, unless a proxy or CDN stands in between."
        ]
    return []
