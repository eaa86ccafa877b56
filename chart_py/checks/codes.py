"""The table of all codes: what each means, an example that gives it, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from chart_py.checks.policies import POLICIES
from chart_py.checks.rehearsal_codes import REHEARSAL
from chart_py.checks.rules import RULES
from chart_py.checks.silence import named
from chart_py.checks.traps import TRAPS
from chart_py.checks.written.reading_codes import READING
from chart_py.checks.written.value_codes import LOGIN, OLD, WORDS, Code
from chart_py.errors import UsageError
from chart_py.finding import Finding, Level
from chart_py.spelling import nearest
from chart_py.values.sources import Sources

_ERROR, _WARNING, _NOTE = Level.ERROR, Level.WARNING, Level.NOTE
_HUB = "hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {%s}}}"

HUB = (
    Code(
        "python-syntax",
        _ERROR,
        "The hub's Python is not valid.",
        "Correct it; the hub does not start with it.",
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
        "Mount the module as a file, or use your own image.",
        "hub:\n  extraConfig:\n    mine: |\n      import numpy",
    ),
    Code(
        "unknown-class",
        _WARNING,
        "hub.config names an unknown class that resembles one of the image.",
        "Use the suggestion.",
        "hub: {config: {KubeSpawnr: {debug: true}}}",
    ),
    Code(
        "own-class",
        _NOTE,
        "hub.config names a class that the image does not have.",
        "Nothing to do, if the class is your own.",
        "hub: {config: {CampusAuthenticator: {realm: x}}}",
    ),
    Code(
        "unknown-trait",
        _WARNING,
        "The class has no such trait; JupyterHub ignores it.",
        "Use the suggestion.",
        _HUB % "clientid: a, allow_all: true",
    ),
    Code(
        "renamed-trait",
        _WARNING,
        "The trait has been renamed.",
        "Write the new name.",
        "hub: {config: {Authenticator: {blacklist: [a]}}}",
    ),
    Code(
        "removed-trait",
        _ERROR,
        "The class no longer takes this trait: JupyterHub stops at it.",
        "Write the trait that took its place.",
        "hub: {config: {JupyterHub: {authenticator_class: cilogon}, "
        "CILogonOAuthenticator: {username_claim: email, idps: {a: {username_derivation: {username_claim: eppn}, "
        "allow_all: true}}, client_id: a, client_secret: b}}}",
    ),
    Code(
        "trait-type",
        _ERROR,
        "JupyterHub rejects this value when it starts.",
        "Write a value of the expected kind.",
        "hub: {config: {KubeSpawner: {start_timeout: 5m}}}",
    ),
    Code(
        "profile",
        _WARNING,
        "A profile has a misspelt key, lacks one, or cannot work as written.",
        "Use the suggestion; each profile needs a display_name.",
        "singleuser: {profileList: [{display_name: Small, kubespawner_overide: {mem_limit: 2G}}]}",
    ),
    Code(
        "service",
        _ERROR,
        "A service has an unknown field or a wrong value; the hub stops at it.",
        "Use the suggestion.",
        "hub: {services: {grader: {urll: 'http://grader:8000'}}}",
    ),
    Code(
        "role",
        _ERROR,
        "A role names an unknown scope, which stops the hub, or has a misspelt key.",
        "Use the suggestion.",
        "hub: {loadRoles: {grader: {scopes: ['list:user']}}}",
    ),
    Code(
        "authenticator-class",
        _WARNING,
        "The image has no such authenticator.",
        "Use the suggestion, or add your own class.",
        "hub: {config: {JupyterHub: {authenticator_class: githb}}}",
    ),
    Code(
        "unused-class",
        _WARNING,
        "An authenticator is configured, but users log in with another one.",
        "Choose it as hub.config.JupyterHub.authenticator_class.",
        "hub: {config: {GitHubOAuthenticator: {client_id: a}}}",
    ),
    Code(
        "certificate",
        _WARNING,
        "The certificate or its key is not usable, expired, or for other names.",
        "Give a matching pair, in PEM.",
        "proxy: {https: {enabled: true, type: manual, hosts: [hub.example.org], manual: {key: a, cert: b}}}",
    ),
    Code(
        "schema",
        _ERROR,
        "An object does not match the Kubernetes API.",
        "Correct the setting that the finding names.",
        "hub: {extraPodSpec: {dnsPolcy: None}}",
    ),
)
RULE_CODES = tuple(
    Code(r.code, r.level, (r.check.__doc__ or "").strip(), r.remedy, r.example) for r in (*RULES, *TRAPS)
)
REACH = (
    *(Code(r.code, r.level, (r.check.__doc__ or "").strip(), r.remedy, r.example) for r in POLICIES),
    Code(
        "assertion",
        _ERROR,
        "An assertion about who reaches whom does not hold.",
        "Change the setting that the finding names, or the assertion.",
        "--assert deny user -> internet:443",
    ),
    Code(
        "assertion-unreadable",
        _ERROR,
        "A line is not an assertion, or names an unknown party.",
        "Write `allow WHO -> WHOM:PORT` or `deny WHO -> WHOM:PORT`.",
        "--assert deny usr -> internet",
    ),
)
SILENCE = (
    Code(
        "unknown-code",
        _WARNING,
        "A comment silences an unknown code.",
        "Use the suggestion; this page lists all codes.",
        "hub: {}  # chart-py: ignore=unknown-trate",
    ),
)
SECTIONS = (
    ("Reading", READING),
    ("Settings and values", WORDS),
    ("Settings of older charts", OLD),
    ("Contradictions and traps", (*RULE_CODES, *LOGIN)),
    ("The hub and its objects", HUB),
    ("Who reaches whom", REACH),
    ("What a rehearsal finds", REHEARSAL),
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
            raise UsageError(f"--ignore {name}: unknown code; {_hint(name, known)}")


def unknown(sources: Sources) -> list[Finding]:
    """What comments in the files mean to silence, and no finding has as its code."""
    known = all_codes()
    return [
        Finding(_WARNING, "unknown-code", (), f"ignore={name}: unknown code; {_hint(name, known)}", place)
        for name, place in named(sources)
        if name not in known
    ]


def _hint(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"did you mean {near[0]}?" if near else "docs/errors.md lists all codes"
