"""Planning an install or an upgrade: what is wanted, what is recorded and what is live, made into one plan."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from chart_py.changes.change import Change, Operation
from chart_py.changes.dangers import claims_beside
from chart_py.changes.plan import Aim, Plan
from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import Cluster, Ref, ref_of
from chart_py.engine.errors import NoReleaseError, PlanRefusedError, Problem
from chart_py.engine.execute import World
from chart_py.engine.owner import Owner, owner_of
from chart_py.engine.planning import Planner, Refused
from chart_py.engine.preflight import missing_rights, rights_needed, storage_problems
from chart_py.engine.prepared import Prepared, Release
from chart_py.engine.standing import Standing, objects_in, standing_of, store_of
from chart_py.errors import UsageError
from chart_py.manifest import Manifest
from chart_py.manifest.key import key_of
from chart_py.manifest.order import hook_events, in_install_order
from chart_py.release.making import Chart, finishing, made, rfc3339, same_release
from chart_py.release.record import Record, Status
from chart_py.release.store import ROOM, check_size

_UNCHECKED = "not checked yet: the server checks what is in a namespace (quota, admission) once it exists"


def read_standing(world: World, release: str, namespace: str) -> Standing:
    """How a release stands."""
    return standing_of(world.cluster, store_of(world.cluster, namespace, world.now), release, namespace)


def plan_apply(
    world: World,
    release: Release,
    standing: Standing,
    *,
    adopt: bool = False,
    allow_replace: bool = False,
    create_namespace: bool = False,
) -> Prepared:
    """What has to be done so that the cluster has `release`, given how it stands.

    Raises PlanRefusedError with all that stands in the way, NoReleaseError where the namespace is missing,
    RecordTooLargeError where the record does not fit. Nothing is written.
    """
    objects = [each for each in release.manifests if not hook_events(each)]
    if not objects:
        raise UsageError("there is nothing to apply: no object was rendered; `uninstall` removes a release")
    if not standing.has_namespace and not create_namespace:
        raise NoReleaseError(f"there is no namespace {release.namespace}", "--create-namespace makes it.")
    record, resumes = _revision(release, standing, world.now())
    recorded = standing.recorded_like(record.manifest, objects)
    planner = Planner(world.cluster, standing.owner, recorded, adopt, allow_replace, standing.has_namespace)
    changes, problems = planner.changes(objects)
    changes += planner.deletions(objects)
    pulls = pulled_by([each for each in release.manifests if hook_events(each)])
    changes += _left_over(planner, standing, pulls)
    plan = Plan(
        _aim(standing),
        release.name,
        release.namespace,
        standing.last_version,
        record.version,
        tuple(changes),
        tuple(pulls),
        resumes,
        not standing.has_namespace,
        notes=_notes(standing, record, resumes),
        pull_patience=release.pull_patience,
    )
    plan = with_old_claims(world.cluster, plan)
    if plan.is_empty or not (plan.writing or resumes):
        plan = replace(plan, pulls=())
    check_plan(world.cluster, plan, problems)
    if not plan.is_empty:
        check_size(record, ROOM)
    choices = {"adopt": adopt, "allow_replace": allow_replace, "create_namespace": create_namespace}
    return Prepared(plan, record, standing.latest, release, choices)


def with_old_claims(cluster: Cluster, plan: Plan) -> Plan:
    """`plan` with the claims that are there already beside those that it creates; claims of other releases are not."""
    created = [e for e in plan.changes if e.operation is Operation.CREATE and e.key.kind == "PersistentVolumeClaim"]
    if not created:
        return plan
    others: list[Manifest] = []
    if not plan.creates_namespace:
        try:
            others = cluster.find(Ref("v1", "PersistentVolumeClaim", plan.namespace)).items
        except RefusedError as error:
            # Who may not list claims is told of those that the release's records name.
            if not error.is_forbidden:
                raise
    owner = Owner(plan.release, plan.namespace)
    mine = [each for each in others if owner_of(each) in (None, owner)]
    return replace(plan, claims_beside=claims_beside(plan.changes, mine))


def _notes(standing: Standing, record: Record, resumes: bool) -> tuple[str, ...]:
    latest = standing.latest
    notes = [] if standing.has_namespace else [_UNCHECKED]
    if resumes and latest is not None:
        what = "this finishes it" if record.version == latest.version else f"revision {record.version} follows it"
        notes.append(f"revision {latest.version} did not come to its end ({latest.status.value}): {what}")
    return tuple(notes)


def check_plan(cluster: Cluster, plan: Plan, problems: Sequence[Problem | Refused]) -> None:
    """Raise PlanRefusedError with all that stands in the way of a plan: refusals, missing rights, missing storage."""
    forbidden = [each.wanted for each in problems if isinstance(each, Refused) and each.error.is_forbidden]
    lacking: list[Problem] = []
    storage: list[Problem] = []
    if plan.writing or forbidden:
        lacking = missing_rights(cluster, rights_needed(plan, forbidden))
        storage = storage_problems(cluster, plan.changes)
    kinds = {each.about.rpartition(" ")[2] for each in lacking}
    # What was forbidden for want of a right is said once, as that right; a quota or a webhook forbids things too.
    found = [_problem(each) for each in problems if not _is_lack(each, kinds)] + lacking + storage
    if found:
        raise PlanRefusedError(found)


def _is_lack(problem: Problem | Refused, kinds: Container[str]) -> bool:
    return isinstance(problem, Refused) and problem.error.is_forbidden and problem.wanted["kind"] in kinds


def _problem(found: Problem | Refused) -> Problem:
    """What stands in the way of an object; of a refusal, what the server said."""
    if isinstance(found, Problem):
        return found
    error = found.error
    causes = "; ".join(f"{field}: {text}" if field else text for field, text in error.causes)
    text = error.said if error.is_forbidden else causes or error.said
    return Problem(str(ref_of(found.wanted)), text, error.advice)


def pulled_by(hooks: Sequence[Manifest]) -> list[Manifest]:
    """What the image-pull phase needs of the hooks: the DaemonSets, and the accounts that their pods run as."""
    sets = [each for each in hooks if each["kind"] == "DaemonSet"]
    accounts = {each["spec"]["template"]["spec"].get("serviceAccountName") for each in sets}
    needed = [each for each in hooks if each["kind"] == "ServiceAccount" and each["metadata"]["name"] in accounts]
    return in_install_order([*needed, *sets]) if sets else []


def _aim(standing: Standing) -> Aim:
    return Aim.UPGRADE if standing.deployed is not None else Aim.INSTALL


def _revision(release: Release, standing: Standing, now: float) -> tuple[Record, bool]:
    """The record that is to be written, and whether it finishes what an earlier run began."""
    latest = standing.latest
    fresh = made(
        release.manifests,
        Chart(release.chart_name, release.chart_version, release.app_version),
        release.config,
        name=release.name,
        namespace=release.namespace,
        version=standing.last_version + 1,
        time=rfc3339(now),
        before=_predecessor(standing),
        notes=release.notes,
    )
    if latest is None or latest.status in (Status.DEPLOYED, Status.SUPERSEDED):
        return fresh, False
    if latest.status is not Status.UNINSTALLING and same_release(fresh, latest):
        return finishing(fresh, latest), True
    return fresh, True


def _predecessor(standing: Standing) -> Record | None:
    return standing.deployed or standing.latest


def _left_over(planner: Planner, standing: Standing, pulls: Sequence[Manifest]) -> list[Change]:
    """Pullers that a run left behind which did not come to its end."""
    used = {key_of(each) for each in pulls}
    left: dict[object, Manifest] = {}
    for record in standing.unfinished:
        for hook in pulled_by([each for h in record.hooks for each in objects_in(record, str(h.get("manifest", "")))]):
            if key_of(hook) not in used:
                left[key_of(hook)] = hook
    found = [(each, planner.cluster.get(ref_of(each))) for each in left.values()]
    return [
        Change(Operation.DELETE, live=live, reason="left over of a run that did not end") for _, live in found if live
    ]
