"""Waiting until objects are ready, from watches, and saying all the while what for and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from chart_py.cluster.follow import Follower, Topic
from chart_py.cluster.interface import Cluster, Ref, ref_of
from chart_py.duration import written
from chart_py.engine.progress import Observer, Pending
from chart_py.errors import NotReadyError
from chart_py.health.causes import Cause, Surroundings, told
from chart_py.health.ready import JUDGED, READY
from chart_py.health.state import Judgement, judged
from chart_py.manifest import Manifest

_LOG_LINES = 5
_TICK = 1.0
_AROUND = ("Pod", "PersistentVolumeClaim")


@dataclass
class Waiter:
    """Waits for objects of one namespace. `clock` gives seconds that only go forward; `check` may raise to end it."""

    cluster: Cluster
    namespace: str
    clock: Callable[[], float]
    observer: Observer
    check: Callable[[], None] = field(default=lambda: None)

    def __post_init__(self) -> None:
        self._since: dict[Ref, float] = {}
        self._logs: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._spare: frozenset[str] = frozenset()

    def wait(self, wanted: Iterable[Manifest], seconds: float) -> None:
        """Return when all `wanted` are ready; NotReadyError after `seconds`, or as soon as one never can be."""
        objects = hub_first(wanted)
        targets = [ref_of(each) for each in objects if each["kind"] in JUDGED]
        self._spare = spare_of(objects)
        if not targets:
            return
        end = self.clock() + seconds
        with Follower(self.cluster, self._topics(targets)) as follower:
            while True:
                self.check()
                pending = self._pending(targets, follower)
                self.observer.waits(pending, len(targets) - len(pending))
                if not pending:
                    break
                final = [cause for each in pending for cause in each.causes if cause.is_final]
                left = end - self.clock()
                if final or left <= 0:
                    raise _not_ready(pending, final, seconds)
                follower.wait(min(left, _TICK))
            for kind in sorted(set(follower.forbidden)):
                self.observer.note(f"you may not look at {kind}s, so what goes wrong there is not known")
            self._say_notes(targets, follower)

    def wait_gone(self, objects: Sequence[Manifest], seconds: float) -> None:
        """Return when all `objects` are gone; NotReadyError that names those that are not after `seconds`."""
        uids = {str(each["metadata"]["uid"]): ref_of(each) for each in objects}
        if not uids:
            return
        end = self.clock() + seconds
        topics = [Topic(Ref(*place)) for place in dict.fromkeys(ref[:3] for ref in uids.values())]
        with Follower(self.cluster, topics) as follower:
            while True:
                self.check()
                there = {
                    str(e["metadata"].get("uid"))
                    for kind in {r.kind for r in uids.values()}
                    for e in follower.objects(kind)
                }
                left = [ref for uid, ref in uids.items() if uid in there]
                pending = [Pending(str(ref), "its end", self.clock() - end + seconds) for ref in left]
                self.observer.waits(pending, len(uids) - len(left))
                if not left:
                    return
                if self.clock() >= end:
                    names = ", ".join(map(str, left))
                    raise NotReadyError(f"still there after {written(seconds)}: {names}", "Their finalizers hold them.")
                follower.wait(min(end - self.clock(), _TICK))

    def _topics(self, targets: Sequence[Ref]) -> list[Topic]:
        places = dict.fromkeys((ref.api_version, ref.kind, ref.namespace) for ref in targets)
        topics = {place[1:]: Topic(Ref(*place)) for place in places}
        for kind in _AROUND:
            topics.setdefault((kind, self.namespace), Topic(Ref("v1", kind, self.namespace)))
        if any(ref.kind == "Deployment" for ref in targets):
            topics.setdefault(("ReplicaSet", self.namespace), Topic(Ref("apps/v1", "ReplicaSet", self.namespace)))
        events = Topic(Ref("v1", "Event", self.namespace), "type=Warning")
        return [*topics.values(), events]

    def _pending(self, targets: Sequence[Ref], follower: Follower) -> list[Pending]:
        around = self._around(follower)
        found = []
        for ref in targets:
            live = None if ref.kind in follower.forbidden else follower.find(ref)
            now = Judgement(READY) if ref.kind in follower.forbidden else judged(live, around)
            if now.state.is_ready:
                self._since.pop(ref, None)
                continue
            since = self._since.setdefault(ref, self.clock())
            shown = tuple(self._with_log(cause) for cause in now.causes)
            found.append(Pending(str(ref), now.state.waits_for, self.clock() - since, shown))
        return found

    def _with_log(self, cause: Cause) -> Cause:
        """The cause with the container's last lines, read once for each crash."""
        if cause.container is None:
            return cause
        key = (cause.container, cause.text)
        if key not in self._logs:
            lines = self.cluster.log_tail(*cause.container, previous=True, lines=_LOG_LINES)
            lines = lines or self.cluster.log_tail(*cause.container, previous=False, lines=_LOG_LINES)
            self._logs[key] = tuple(lines)
        tail = "".join(f"\n   | {line}" for line in self._logs[key])
        return cause._replace(text=cause.text + (":" + tail if tail else ""))

    def _around(self, follower: Follower) -> Surroundings:
        return Surroundings(
            follower.objects("Pod"),
            follower.objects("ReplicaSet"),
            follower.objects("PersistentVolumeClaim"),
            follower.objects("Event"),
            self._spare,
        )

    def _say_notes(self, targets: Sequence[Ref], follower: Follower) -> None:
        around = self._around(follower)
        for ref in targets:
            live = follower.find(ref)
            if live is not None and (note := judged(live, around).state.note):
                self.observer.note(note)


def hub_first(objects: Iterable[Manifest]) -> list[Manifest]:
    """Objects in their order, but those of the hub itself first: what is wrong with it is what matters most."""
    return sorted(objects, key=lambda each: ((each["metadata"].get("labels") or {}).get("component")) != "hub")


def spare_of(wanted: Iterable[Manifest]) -> frozenset[str]:
    """The workloads among `wanted` whose pods only keep room for users: placeholders."""
    return frozenset(
        f"{each['kind']}/{each['metadata']['name']}"
        for each in wanted
        if ((each["metadata"].get("labels") or {}).get("component")) == "user-placeholder"
    )


def _not_ready(pending: Sequence[Pending], final: Sequence[Cause], seconds: float) -> NotReadyError:
    causes = [*final, *(cause for each in pending for cause in each.causes)]
    first, *more = told(causes) or [f"{pending[0].about} waits for {pending[0].waits_for}"]
    head = "this will not become ready" if final else f"not ready after {written(seconds)}"
    rest = [f"{each.about} waits for {each.waits_for} ({written(each.seconds)})" for each in pending]
    lines = [f"{head}: {first}", *(f"   {line}" for line in rest)]
    lines += [f"   also: {text}" for text in more]
    return NotReadyError("\n".join(lines))
