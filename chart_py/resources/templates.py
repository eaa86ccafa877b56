"""The few template expressions that values can contain: `{{ .Values.a.b }}` and the facts of release and chart."""

from __future__ import annotations

import re
from typing import Any

from chart_py.context import CHART_NAME, Context
from chart_py.pattern import Pattern
from chart_py.values.base import Section
from chart_py.values.root import Values

# A dash beside the braces takes the blanks on its side away, as in Go's templates; it stands apart from what is inside.
_BRACES = Pattern(r"(?P<before>\s*\{\{-(?=\s)|\{\{)(?P<inside>.*?)(?P<after>(?<=\s)-\}\}\s*|\}\})", re.DOTALL)
_PATH = Pattern(r"\.Values((?:\.[A-Za-z_]\w*)+)")
ADVICE = (
    "supported in braces: {{ .Values.a.b }}, {{ .Release.Name }}, {{ .Release.Namespace }}, "
    "{{ .Chart.Name }}, {{ .Chart.Version }}",
)


class TemplateError(ValueError):
    """Braces that cannot be filled in.

    `text` is the whole of the value, `expression` the part in braces, `reason` what is wrong with it, `advice` what to
    write instead. Only the expression is shown: what stands around it may be a secret.
    """

    def __init__(self, text: str, expression: str, reason: str, advice: tuple[str, ...] = ()) -> None:
        self.text = text
        self.expression = expression
        self.reason = reason
        self.advice = advice
        super().__init__(text, expression, reason, advice)

    def __str__(self) -> str:
        return f"{self.expression}: {self.reason}" if self.expression else self.reason


def expanded(text: Any, values: Values, context: Context) -> str:
    """`text` with its expressions replaced by what they name; numbers and booleans as Go's templates write them.

    Raises TemplateError for an unknown word, a map or a list, and for anything else in braces.
    """
    if not isinstance(text, str):
        return _written(text, str(text), "")
    if "{{" not in text:
        return text
    facts = {
        ".Release.Name": context.release,
        ".Release.Namespace": context.namespace,
        ".Chart.Name": CHART_NAME,
        ".Chart.Version": context.edition.chart,
    }

    def fill(found: re.Match[str]) -> str:
        inside, whole = found["inside"].strip(), found[0].strip()
        if inside in facts:
            return facts[inside]
        path = _PATH.fullmatch(inside)
        if not path:
            raise TemplateError(text, whole, "not supported in braces here", ADVICE)
        return _written(_found(values, path[1][1:].split("."), text, whole), text, whole)

    # Braces that are closed are all found, one after the other: only what follows the last of them can hold open ones.
    end = max((found.end() for found in _BRACES.finditer(text)), default=0)
    if "{{" in text[end:]:
        raise TemplateError(text, text[text.index("{{", end) :].split()[0], "these braces are not closed", ADVICE)
    return _BRACES.sub(fill, text)


def _written(value: Any, text: str, expression: str) -> str:
    """A plain value as Go's templates write it, whole numbers without an exponent; TemplateError for maps and lists."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    if isinstance(value, (str, int, float)):
        return str(value)
    kind = "list" if isinstance(value, (list, tuple)) else "map"
    raise TemplateError(text, expression, f"expected text or a number, got a {kind}", ADVICE)


def _found(values: Values, words: list[str], text: str, expression: str) -> Any:
    """The value at `words`; raises TemplateError where there is none."""
    here: Any = values
    for depth, word in enumerate(words):
        within = _words(here)
        if word not in within:
            there = ".".join(words[: depth + 1])
            known = (f"settings there: {', '.join(within)}",) if within else ()
            raise TemplateError(text, expression, f"no setting {there}", known)
        here = within[word]
    return here


def _words(here: Any) -> dict[str, Any]:
    if isinstance(here, Section):
        named = {field.alias or name: getattr(here, name) for name, field in type(here).__pydantic_fields__.items()}
        return {**(here.__pydantic_extra__ or {}), **named}
    return here if isinstance(here, dict) else {}
