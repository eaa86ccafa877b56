"""The one judgement of an object among others, which `apply` and `status` share: is it ready, and if not, why."""

from __future__ import annotations

from typing import NamedTuple

from chart_py.health.causes import Cause, Surroundings, causes
from chart_py.health.ready import READY, Readiness, readiness
from chart_py.manifest import Manifest

_ROOM = "Unschedulable"


class Judgement(NamedTuple):
    """Whether an object is ready, as far as that can be expected of it now, and the causes for which it is not."""

    state: Readiness
    causes: tuple[Cause, ...] = ()


def judged(live: Manifest | None, around: Surroundings) -> Judgement:
    """The judgement of a live object; None is one that is not there.

    A claim that no pod names is ready: its volume is often made only for the first pod that wants it. A workload of
    `around.spare` is: its pods may wait for room as long as there is none. For both a note says what they lack. What a
    controller has not seen yet has no causes: they would be of what was wanted before.
    """
    found = readiness(live)
    if live is None or found.is_ready:
        return Judgement(found)
    why = causes(live, around) if _is_observed(live) else []
    name = f"{live['kind']}/{live['metadata']['name']}"
    if live["kind"] == "PersistentVolumeClaim" and live["metadata"]["name"] not in _claimed(around):
        said = why[0].text if why else f"{name} has no volume yet"
        return Judgement(READY._replace(note=f"{said}; no pod uses it, and nothing waits for it."))
    if name in around.spare:
        trouble = "".join(f" ({cause.text})" for cause in why[:1] if cause.reason != _ROOM)
        note = f"{name} waits for {found.waits_for}{trouble}; its pods give way to users, and nothing waits for them."
        return Judgement(READY._replace(note=note))
    return Judgement(found, tuple(why))


def _is_observed(live: Manifest) -> bool:
    generation = int(live["metadata"].get("generation") or 0)
    return int((live.get("status") or {}).get("observedGeneration", generation) or 0) >= generation


def _claimed(around: Surroundings) -> set[str]:
    """The claims that pods name."""
    volumes = [each for pod in around.pods for each in (pod.get("spec") or {}).get("volumes") or []]
    return {str((each.get("persistentVolumeClaim") or {}).get("claimName")) for each in volumes}
