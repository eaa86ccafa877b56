"""The one judgement of an object among others: whether anybody has to wait for it. `apply` and `status` share it."""

from __future__ import annotations

from chart_py.health.causes import Surroundings
from chart_py.health.ready import READY, Readiness, readiness
from chart_py.manifest import Manifest


def state(live: Manifest | None, around: Surroundings) -> Readiness:
    """Whether a live object is ready, as far as that can be expected of it now.

    A claim that no pod names is: its volume is often made only for the first pod that wants it. A workload of
    `around.spare` is: its pods may wait for room as long as there is none, which a note says.
    """
    found = readiness(live)
    if live is None or found.is_ready:
        return found
    name = f"{live['kind']}/{live['metadata']['name']}"
    if live["kind"] == "PersistentVolumeClaim" and live["metadata"]["name"] not in _claimed(around):
        return READY
    if name in around.spare:
        note = f"{name} waits for {found.waits_for}; its pods give way to users, and nothing waits for them."
        return Readiness(True, note=note)
    return found


def _claimed(around: Surroundings) -> set[str]:
    """The claims that pods name."""
    volumes = [each for pod in around.pods for each in (pod.get("spec") or {}).get("volumes") or []]
    return {str((each.get("persistentVolumeClaim") or {}).get("claimName")) for each in volumes}
