"""The pages docs/values.md and docs/errors.md, made from the models and the table of codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chart_py.checks.code import Code
from chart_py.checks.codes import SECTIONS
from chart_py.checks.hub import image as hub_image
from chart_py.finding import dotted
from chart_py.reference import trait_help
from chart_py.reference.setting import Setting, sections, short
from chart_py.values.entries import ENTRIES, Entry, every

MADE = "<!-- Made by scripts/make-docs; a test fails when it is stale. -->"


def values_page() -> str:
    """All settings, a table for each section."""
    lines = ["# Settings", "", MADE, ""]
    lines += [
        "Every setting of the values, section by section. `chart-py explain SETTING` describes one in full, with an",
        "example and the objects and traits that it changes; `chart-py explain WORD...` searches. Keys of profiles,",
        "services, roles and files are below the tables of their sections.",
        "",
    ]
    top = [setting for setting in sections() if setting.section is None]
    lines += ["## At the top", "", *_table(top)]
    for setting in sections():
        lines += list(_section(setting))
    return "\n".join(lines).rstrip() + "\n"


def _section(setting: Setting) -> Iterator[str]:
    if setting.section is None:
        return
    yield from (f"## {dotted(setting.path)}", "", setting.description, "")
    leaves = [inner for inner in setting.below() if inner.section is None]
    if leaves:
        yield from _table(leaves)
    for inner in leaves:
        if entry := ENTRIES.get(inner.path):
            yield from _keys(dotted(inner.path), entry)
    for inner in setting.below():
        yield from _section(inner)


def _table(settings: list[Setting]) -> list[str]:
    lines = ["| setting | takes | default | what it does |", "| --- | --- | --- | --- |"]
    for setting in settings:
        default = _default(setting.default())
        told = setting.description + (
            f" Sets {', '.join(f'`{trait}`' for trait in setting.traits)}." if setting.traits else ""
        )
        lines.append(f"| `{dotted(setting.path)}` | {_cell(setting.kind)} | {default} | {_cell(told)} |")
    return [*lines, ""]


def _keys(name: str, entry: Entry) -> Iterator[str]:
    """The keys within a setting."""
    yield from (f"### {name}", "", entry.description, "")
    yield from ("| key | takes | default | what it does |", "| --- | --- | --- | --- |")
    for path, inner in every(entry):
        told = inner.description + (" Required." if inner.required else "")
        key = ".".join(path).removeprefix("[].")
        yield f"| `{key}` | {_cell(inner.takes.text)} | {_default(inner.default)} | {_cell(told)} |"
    for field, spec in hub_image.service_fields().items() if entry.fields else ():
        help_text = trait_help.of_service(field)
        default = trait_help.data(help_text.default)
        told = trait_help.sentence(help_text.text)
        takes = hub_image.expected(spec).text
        yield f"| `{entry.each}.{field}` | {_cell(takes)} | {_default(default)} | {_cell(told)} |"
    yield ""


def _default(value: Any) -> str:
    shown = short(value, 40)
    return shown if value is None else _cell(f"`{shown}`")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def errors_page() -> str:
    """All codes: what each says, a configuration that gives it, and what to do."""
    lines = ["# What can be wrong", "", MADE, ""]
    lines += [
        "Every finding has a code. `chart-py validate` shows all findings; those about reading, settings and",
        "contradictions are reported by every verb that reads values. An error refuses the input. Warnings and notes",
        "do not, and can be silenced: with `# chart-py: ignore=CODE` after a setting, on the line above it or at the",
        "top of the file, or with `--ignore CODE`. `--strict` treats warnings as errors.",
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
