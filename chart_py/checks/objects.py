"""Every rendered object against the schema of its kind: by kubeconform, or in Python where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chart_py.checks import json_schema, kubeconform
from chart_py.checks.origin import Origins
from chart_py.checks.schemas import Violation, fields_at, of_version, stem_of
from chart_py.finding import Finding, Level, Place, dotted
from chart_py.manifest import Manifest
from chart_py.spelling import nearest


@dataclass(frozen=True)
class Checked:
    """What was found, `by` which program, and a `note` where kubeconform could not be asked."""

    findings: tuple[Finding, ...]
    by: str
    note: str = ""


def check(manifests: Sequence[Manifest], versions: Sequence[str], origins: Origins) -> Checked:
    """Check objects against the schemas of each of the Kubernetes `versions`.

    What several versions say is said once, with all of them. A field is traced back to the word it comes from.
    """
    program, note = kubeconform.find(), ""
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
    findings = [_finding(violation, which, versions, origins) for violation, which in said.values()]
    return Checked(tuple(findings), "kubeconform" if program else "jsonschema", note)


def _finding(violation: Violation, which: list[str], asked: Sequence[str], origins: Origins) -> Finding:
    manifest, pointer = violation.manifest, violation.pointer
    name = f"{manifest['kind']}/{manifest['metadata']['name']}"
    spans = which[0] if len(which) == 1 else f"{which[0]} to {which[-1]}"
    message, advice = violation.message, [f"It is {dotted(pointer)} in {name}." if pointer else f"It is {name}."]
    if violation.unknown:
        message = f"Kubernetes {spans} has no such field"
        known = fields_at(of_version(which[-1])[stem_of(manifest)], pointer[:-1])
        if near := nearest(str(pointer[-1]), known):
            message += f"; did you mean {near[0]}?"
        elif len(which) < len(asked):
            advice.append("Other versions have it: it was added or removed.")
    elif len(which) < len(asked) or len(asked) > 1:
        message += f" (Kubernetes {spans})"
    if origin := origins.of(manifest, pointer):
        path, place = origin
        return Finding(Level.ERROR, "schema", path, message, place, tuple(advice))
    return Finding(Level.ERROR, "schema", (), f"{name}: {dotted(pointer)}: {message}", Place(name), ())
