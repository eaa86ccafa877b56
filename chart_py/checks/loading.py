"""Loading values as every verb does: read, merged and checked, with contradictions and traps told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from chart_py.checks.rules import check
from chart_py.editions import TODAY
from chart_py.errors import ValuesError
from chart_py.finding import Level
from chart_py.values.load import Loaded, Source, load_values


def load(
    sources: Source | Iterable[Source] = (),
    *,
    settings: Sequence[str] = (),
    file_settings: Sequence[str] = (),
    chart_version: str = TODAY,
    release: str = "jhub",
    at: str = "",
    ignored: Collection[str] = (),
    strict: bool = False,
) -> Loaded:
    """Values ready to be rendered or planned, with all that is said of them in `findings`.

    `sources` are one or several of: the path of a file (`-` is standard input), an open text, a dictionary. Later ones
    are laid over earlier ones; then come `settings`, each `path=value`, and `file_settings`, each `path=file`.
    `chart_version` says whose defaults they are laid over, `at` is the key below which the files have the hub's values,
    `ignored` names codes that are not to be told, and with `strict` warnings are errors.

    Raises ValuesError with all findings where one is an error, FileError where a file cannot be read, UsageError for an
    unknown `chart_version`.
    """
    loaded = load_values(
        sources,
        settings=settings,
        file_settings=file_settings,
        chart_version=chart_version,
        release=release,
        at=at,
    )
    findings = check(loaded, ignored=ignored, strict=strict)
    if any(finding.level is Level.ERROR for finding in findings):
        raise ValuesError(findings)
    return replace(loaded, findings=findings)
