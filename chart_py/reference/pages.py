"""The pages docs/values.md and docs/errors.md, made from the models and the table of codes."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.checks.codes import SECTIONS
from chart_py.checks.value_codes import Code
from chart_py.finding import dotted
from chart_py.reference.word import Word, below, sections, short

MADE = "<!-- Made by scripts/make-docs; a test fails when it is stale. -->"


def values_page() -> str:
    """All words, a table for each section."""
    lines = ["# The words of the values", "", MADE, ""]
    lines += ["`chart-py explain WORD` tells the same of one word, with an example and the objects where it ends.", ""]
    top = [word for word in sections() if word.section is None]
    lines += ["## At the top", "", *_table(top)]
    for word in sections():
        lines += list(_section(word))
    return "\n".join(lines).rstrip() + "\n"


def _section(word: Word) -> Iterator[str]:
    if word.section is None:
        return
    yield from (f"## {dotted(word.path)}", "", word.description, "")
    leaves = [inner for inner in below(word) if inner.section is None]
    if leaves:
        yield from _table(leaves)
    for inner in below(word):
        yield from _section(inner)


def _table(words: list[Word]) -> list[str]:
    lines = ["| word | takes | default | what it does |", "| --- | --- | --- | --- |"]
    for word in words:
        default = short(word.default(), 40)
        default = default if default == "not set" else _cell(f"`{default}`")
        told = word.description + (f" Sets {', '.join(f'`{trait}`' for trait in word.traits)}." if word.traits else "")
        lines.append(f"| `{dotted(word.path)}` | {_cell(word.kind)} | {default} | {_cell(told)} |")
    return [*lines, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def errors_page() -> str:
    """All codes: what each says, a configuration that gives it, and what to do."""
    lines = ["# What can be wrong", "", MADE, ""]
    lines += [
        "Each finding has a code. `chart-py validate` shows all; the ones about reading, words and contradictions are",
        "said by every verb that reads values. An error refuses the input. Warnings and notes do not, and can be",
        "silenced: `# chart-py: ignore=CODE` behind a word, on the line above it, or at the top of the file, or",
        "`--ignore CODE`. `--strict` takes warnings for errors.",
        "",
    ]
    for title, codes in SECTIONS:
        lines += [f"## {title}", ""]
        for code in codes:
            lines += _code(code)
    return "\n".join(lines).rstrip() + "\n"


def _code(code: Code) -> list[str]:
    example = code.example if len(code.example) < 900 else code.example[:60] + " ..."
    fence = "sh" if code.example.startswith("-f ") or code.example.startswith("--") else "yaml"
    lines = [f"### {code.code}", "", f"*{code.level.value.capitalize()}.* {code.says}", ""]
    return [*lines, f"```{fence}", *example.splitlines(), "```", "", f"What to do: {code.remedy}", ""]
