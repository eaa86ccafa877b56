"""Findings for programs: JSON, SARIF for code scanning, annotations for GitHub; and the last line for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chart_py.checks.everything import Result
from chart_py.finding import Finding, Level, dotted

if TYPE_CHECKING:
    from chart_py.checks.code import Code

_SARIF_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}
_GITHUB_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def counted(findings: Iterable[Finding]) -> str:
    """How many findings of each level, in words; empty where there is none."""
    counts = Counter(finding.level for finding in findings)
    words = [f"{counts[level]} {level.value}{'s' if counts[level] > 1 else ''}" for level in Level if counts[level]]
    return ", ".join(words)


def summary(result: Result) -> str:
    """The last line: what was checked by what, and how many findings there are."""
    found = counted(result.findings) or "nothing found"
    if result.refused:
        return f"{found}; nothing was rendered"
    spans = result.versions[0] if len(result.versions) == 1 else f"{result.versions[0]} to {result.versions[-1]}"
    line = f"{found}; {result.objects} objects checked for Kubernetes {spans} by {result.by}"
    more = [f"{result.note}; the library jsonschema was asked instead"] if result.note else []
    return "\n   ".join([line, *more, *filter(None, [result.too_old])])


def fact(finding: Finding) -> dict[str, Any]:
    """A finding as plain data; its source line is left out, so that no secret can stand in it."""
    place = finding.place
    fact: dict[str, Any] = {"level": finding.level.value, "code": finding.code, "path": dotted(finding.path)}
    if place:
        fact["file"] = place.file
        if place.line:
            fact |= {"line": place.line, "column": place.column, "endColumn": place.column + place.length}
    return fact | {"message": finding.message, "advice": list(finding.advice)}


def to_json(result: Result) -> str:
    """One JSON object; source lines are left out, so that no secret can stand in them."""
    facts = {
        "findings": [fact(finding) for finding in result.findings],
        "objects": result.objects,
        "kubeVersions": list(result.versions),
        "checkedBy": result.by or None,
        "note": result.note or result.too_old or None,
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def to_sarif(result: Result, version: str = "") -> str:
    """SARIF 2.1.0, as code scanning services read it; `version` is chart_py's."""
    from chart_py.checks.codes import all_codes

    known, codes = all_codes(), sorted({finding.code for finding in result.findings})
    driver = {"name": "chart_py", "version": version, "rules": [_sarif_rule(known[code]) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, codes) for finding in result.findings],
    }
    schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _sarif_rule(code: Code) -> dict[str, Any]:
    """What a code means, as the table of codes has it."""
    return {"id": code.code, "shortDescription": {"text": code.says}, "help": {"text": code.remedy}}


def _sarif_result(finding: Finding, codes: list[str]) -> dict[str, Any]:
    text = ": ".join(part for part in (dotted(finding.path), finding.message) if part)
    made: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": "\n".join([text, *finding.advice])},
    }
    place = finding.place
    if place and place.line:
        region = {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.line,
            "endColumn": place.column + place.length,
        }
        physical = {"artifactLocation": {"uri": _uri(place.file)}, "region": region}
        made["locations"] = [{"physicalLocation": physical}]
    return made


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file.replace("\\", "/"))


def to_github(result: Result) -> str:
    """Workflow commands that GitHub shows at the lines of a pull request."""
    lines = []
    for finding in result.findings:
        place = finding.place
        facts = {}
        if place and place.line:
            last = place.column + max(place.length - 1, 0)
            facts = {"file": place.file, "line": place.line, "col": place.column, "endColumn": last}
        facts |= {"title": f"{finding.code} {dotted(finding.path)}".strip()}
        said = ",".join(f"{key}={_property(str(value))}" for key, value in facts.items())
        message = _data("\n".join([finding.message, *finding.advice]))
        lines.append(f"::{_GITHUB_LEVELS[finding.level]} {said}::{message}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
