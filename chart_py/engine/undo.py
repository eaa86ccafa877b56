"""Going back by itself after an apply that failed: to the last good revision, or to nothing where there was none."""

from __future__ import annotations

from chart_py.engine.errors import NotRolledBackError, RolledBackError
from chart_py.engine.execute import execute
from chart_py.engine.opening import Hub
from chart_py.engine.prepared import Options
from chart_py.engine.rollback import plan_rollback
from chart_py.engine.uninstall import plan_uninstall
from chart_py.errors import ClusterError


def go_back(hub: Hub, options: Options, error: ClusterError) -> None:
    """Bring the last good revision back after `error`; where there was none, what was installed goes again.

    Returns where nothing had been written, and raises RolledBackError where it went well, NotRolledBackError where it
    did not: both tell of `error` too.
    """
    try:
        standing = hub.standing()
        if standing.latest is None or not standing.unfinished:
            return
        failed = standing.last_version
        good = standing.deployed
        hub.world.observer.note(f"revision {failed} failed; " + ("rolling back" if good else "removing it"))
        prepared = plan_rollback(hub.world, standing) if good else plan_uninstall(hub.world, standing)
        execute(hub.world, prepared, options)
    except ClusterError as other:
        raise NotRolledBackError(error, other) from error
    raise RolledBackError(error, good.version if good else 0, prepared.plan.revision if good else 0) from error
