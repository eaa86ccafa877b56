"""The table of all codes: what each means, an example that gives it, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from chart_py.checks.code import Code
from chart_py.checks.hub import entries, python, traits
from chart_py.checks.login import allowed
from chart_py.checks.network import certificates
from chart_py.checks.objects import against_schemas
from chart_py.checks.policies import POLICIES
from chart_py.checks.rehearsal_codes import REHEARSAL
from chart_py.checks.rules import RULES
from chart_py.checks.silence import named
from chart_py.checks.traps import TRAPS
from chart_py.checks.written.reading_codes import READING
from chart_py.checks.written.value_codes import OLD, WORDS
from chart_py.errors import UsageError
from chart_py.finding import Finding, Level
from chart_py.spelling import nearest
from chart_py.values.sources import Sources

HUB = (*python.CODES, *traits.CODES, *entries.CODES, *certificates.CODES, *against_schemas.CODES)
RULE_CODES = tuple(Code(r.code, r.level, r.text, r.remedy, r.example) for r in (*RULES, *TRAPS))
REACH = (
    *(Code(r.code, r.level, r.text, r.remedy, r.example) for r in POLICIES),
    Code(
        "assertion",
        Level.ERROR,
        "An assertion about who reaches whom does not hold.",
        "Change the setting that the finding names, or the assertion.",
        "--assert deny user -> internet:443",
    ),
    Code(
        "assertion-unreadable",
        Level.ERROR,
        "A line is not an assertion, or names an unknown party.",
        "Write `allow WHO -> WHOM:PORT` or `deny WHO -> WHOM:PORT`.",
        "--assert deny usr -> internet",
    ),
)
SILENCE = (
    Code(
        "unknown-code",
        Level.WARNING,
        "A comment silences an unknown code.",
        "Use the suggestion; this page lists all codes.",
        "hub: {}  # chart-py: ignore=unknown-trate",
    ),
)
SECTIONS = (
    ("Reading", READING),
    ("Settings and values", WORDS),
    ("Settings of older charts", OLD),
    ("Contradictions and traps", (*RULE_CODES, *allowed.CODES)),
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
        Finding(Level.WARNING, "unknown-code", (), f"ignore={name}: unknown code; {_hint(name, known)}", place)
        for name, place in named(sources)
        if name not in known
    ]


def _hint(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f"did you mean {near[0]}?" if near else "docs/errors.md lists all codes"
