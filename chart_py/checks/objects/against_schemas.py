"""Every rendered object against the schema of its kind: by kubeconform, or in Python where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chart_py.checks.code import Code
from chart_py.checks.objects import json_schema, kubeconform
from chart_py.checks.objects.origin import Origins
from chart_py.checks.objects.schemas import Violation, fields_at, of_version, stem_of
from chart_py.checks.servers.user_pod import UserPod, user_pods
from chart_py.finding import Finding, Level, Path, Place, dotted
from chart_py.manifest import Manifest
from chart_py.spelling import nearest

CODES = (
    Code(
        "schema",
        Level.ERROR,
        "An object does not match the Kubernetes API.",
        "Correct the setting that the finding names.",
        "hub: {extraPodSpec: {dnsPolcy: None}}",
    ),
)


@dataclass(frozen=True)
class Checked:
    """What was found, `by` which program, and a `note` where kubeconform could not be asked."""

    findings: tuple[Finding, ...]
    by: str
    note: str = ""


def check(manifests: Sequence[Manifest], versions: Sequence[str], origins: Origins) -> Checked:
    """Check objects, and the parts of users' pods, against the schemas of each of the Kubernetes `versions`.

    What several versions say is said once, with all of them. A field is traced back to the word it comes from.
    """
    program, note = kubeconform.find(), ""
    pods = {id(pod.manifest): pod for pod in user_pods(origins.loaded)}
    manifests = [*manifests, *(pod.manifest for pod in pods.values())]
    if program is None:
        note = "there is no kubeconform ($KUBECONFORM, PATH, `scripts/control-plane build kubeconform`)"
    said: dict[tuple[str, str, tuple[str | int, ...], str], tuple[Violation, list[str]]] = {}
    for version in versions:
        found = None
        if program is not None:
            try:
                found = kubeconform.violations(program, manifests, version)
            except kubeconform.KubeconformError as error:
                program, note = None, str(error)
        if found is None:
            found = json_schema.violations(manifests, version)
        for violation in found:
            manifest = violation.manifest
            where = (manifest["kind"], manifest["metadata"]["name"], violation.pointer, violation.message)
            said.setdefault(where, (violation, []))[1].append(version)
    # kubeconform answers in the order in which it is done with them.
    order = {id(manifest): index for index, manifest in enumerate(manifests)}
    found_in_order = sorted(said.values(), key=lambda each: (order[id(each[0].manifest)], str(each[0].pointer)))
    findings = [
        _finding(violation, which, versions, origins, pods.get(id(violation.manifest)))
        for violation, which in found_in_order
    ]
    return Checked(_joined(findings), "kubeconform" if program else "jsonschema", note)


def _finding(
    violation: Violation, which: list[str], asked: Sequence[str], origins: Origins, pod: UserPod | None
) -> Finding:
    manifest, pointer = violation.manifest, violation.pointer
    name = pod.name if pod else f"{manifest['kind']}/{manifest['metadata']['name']}"
    spans = which[0] if len(which) == 1 else f"{which[0]} to {which[-1]}"
    shown = pointer[2:] if pod else pointer
    message, advice = violation.message, [f"It is {dotted(shown)} in {name}." if pointer else f"It is {name}."]
    if violation.unknown:
        message = f"Kubernetes {spans} has no such field"
        known = fields_at(of_version(which[-1])[stem_of(manifest)], pointer[:-1])
        if near := nearest(str(pointer[-1]), known):
            message += f"; did you mean {near[0]}?"
        elif len(which) < len(asked):
            advice.append("Other versions have it: it was added or removed.")
    elif len(which) < len(asked) or len(asked) > 1:
        message += f" (Kubernetes {spans})"
    origin = _of_pod(pod, pointer, origins) if pod else origins.of(manifest, pointer)
    if origin:
        path, place = origin
        return Finding(Level.ERROR, "schema", path, message, place, tuple(advice))
    return Finding(Level.ERROR, "schema", (), f"{name}: {dotted(pointer)}: {message}", Place(name), ())


def _joined(findings: list[Finding]) -> tuple[Finding, ...]:
    """The findings, those that say the same of one word in several objects as one."""
    groups: dict[Finding, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(replace(finding, advice=finding.advice[1:]), []).append(finding)
    out = []
    for first, *others in groups.values():
        said = first.advice[:1]
        if others:
            more = f"{len(others)} other object{'s' if len(others) > 1 else ''}"
            said = (f"{first.advice[0].removesuffix('.')}, and the like in {more}.",)
        out.append(replace(first, advice=(*said, *first.advice[1:])))
    return tuple(out)


def _of_pod(pod: UserPod, pointer: Path, origins: Origins) -> tuple[Path, Place] | None:
    """The word that a field of a user's pod comes from, and its place."""
    path = pod.path(pointer)
    place = origins.loaded.sources.place(path) if path else None
    return (path, place) if path and place else None
