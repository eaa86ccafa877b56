"""The table of all codes: what each means, an example that gives it, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from chart_py.checks.rules import RULES
from chart_py.checks.silence import named
from chart_py.checks.value_codes import LOGIN, OLD, READING, WORDS, Code
from chart_py.errors import UsageError
from chart_py.finding import Finding, Level
from chart_py.spelling import nearest
from chart_py.values.check import Sources

_ERROR, _WARNING, _NOTE = Level.ERROR, Level.WARNING, Level.NOTE
_HUB = "hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {%s}}}"

HUB = (
    Code(
        "python-syntax",
        _ERROR,
        "The hub's Python cannot be read.",
        "Correct it; the hub would not start.",
        "hub:\n  extraConfig:\n    mine: |\n      x = = 1",
    ),
    Code(
        "python-name",
        _WARNING,
        "The hub's Python uses a name that nothing defines.",
        "Import or define it first.",
        "hub:\n  extraConfig:\n    mine: |\n      x = enviorn",
    ),
    Code(
        "python-import",
        _WARNING,
        "The hub's image does not have this module.",
        "Bring the module as a file, or use an image of your own.",
        "hub:\n  extraConfig:\n    mine: |\n      import numpy",
    ),
    Code(
        "unknown-class",
        _WARNING,
        "hub.config names a class that is almost one of the image's.",
        "Take the suggestion.",
        "hub: {config: {KubeSpawnr: {debug: true}}}",
    ),
    Code(
        "own-class",
        _NOTE,
        "hub.config names a class that the image does not have.",
        "Nothing, if it is your own.",
        "hub: {config: {CampusAuthenticator: {realm: x}}}",
    ),
    Code(
        "unknown-trait",
        _WARNING,
        "The class has no such trait; JupyterHub goes on without it.",
        "Take the suggestion.",
        _HUB % "clientid: a, allow_all: true",
    ),
    Code(
        "renamed-trait",
        _WARNING,
        "The trait has another name today.",
        "Write the new one.",
        "hub: {config: {Authenticator: {blacklist: [a]}}}",
    ),
    Code(
        "trait-type",
        _ERROR,
        "JupyterHub refuses this value when it starts.",
        "Write a value of the kind that is due.",
        "hub: {config: {KubeSpawner: {start_timeout: 5m}}}",
    ),
    Code(
        "profile",
        _WARNING,
        "A profile that people choose has a misspelt word, or lacks one.",
        "Take the suggestion; each profile has a display_name.",
        "singleuser: {profileList: [{display_name: Small, kubespawner_overide: {mem_limit: 2G}}]}",
    ),
    Code(
        "service",
        _ERROR,
        "A service has a field that JupyterHub does not know, or a wrong value; the hub stops at it.",
        "Take the suggestion.",
        "hub: {services: {grader: {urll: 'http://grader:8000'}}}",
    ),
    Code(
        "role",
        _ERROR,
        "A role names a scope that JupyterHub does not have, which stops the hub, or has a misspelt word.",
        "Take the suggestion.",
        "hub: {loadRoles: {grader: {scopes: ['list:user']}}}",
    ),
    Code(
        "authenticator-class",
        _WARNING,
        "The image has no such authenticator.",
        "Take the suggestion, or bring your own.",
        "hub: {config: {JupyterHub: {authenticator_class: githb}}}",
    ),
    Code(
        "unused-class",
        _WARNING,
        "An authenticator is configured, and people log in by another one.",
        "Choose it as hub.config.JupyterHub.authenticator_class.",
        "hub: {config: {GitHubOAuthenticator: {client_id: a}}}",
    ),
    Code(
        "certificate",
        _WARNING,
        "The certificate or its key is not usable, out of time, or for other names.",
        "Bring the pair that belongs together, PEM.",
        "proxy: {https: {enabled: true, type: manual, hosts: [hub.example.org], manual: {key: a, cert: b}}}",
    ),
    Code(
        "schema",
        _ERROR,
        "An object is not as Kubernetes has it.",
        "Correct the word that the finding names.",
        "hub: {extraPodSpec: {dnsPolcy: None}}",
    ),
)
RULE_CODES = tuple(Code(r.code, r.level, (r.check.__doc__ or "").strip(), r.remedy, r.example) for r in RULES)
SILENCE = (
    Code(
        "unknown-code",
        _WARNING,
        "A comment silences a code that no finding has.",
        "Take the suggestion; this page has all codes.",
        "hub: {}  # chart-py: ignore=unknown-trate",
    ),
)
SECTIONS = (
    ("Reading", READING),
    ("Words and values", WORDS),
    ("Words of older charts", OLD),
    ("Contradictions and traps", (*RULE_CODES, *LOGIN)),
    ("The hub and its objects", HUB),
    ("Silencing", SILENCE),
)


def all_codes() -> dict[str, Code]:
    """Every code that a finding can have."""
    return {code.code: code for _, codes in SECTIONS for code in codes}


def check_names(names: Iterable[str]) -> None:
    """Refuse names that are no codes: what cannot be silenced must not look as if it were. Raises UsageError."""
    known = all_codes()
    for name in names:
        if name not in known:
            raise UsageError(f"--ignore {name}: no such code; {_hint(name, known)}")


def unknown(sources: Sources) -> list[Finding]:
    """What comments in the files mean to silence, and no finding has as its code."""
    known = all_codes()
    return [
        Finding(_WARNING, "unknown-code", (), f"ignore={name}: no such code; {_hint(name, known)}", place)
        for name, place in named(sources)
        if name not in known
    ]


def _hint(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"did you mean {near[0]}?" if near else "docs/errors.md has all codes"
