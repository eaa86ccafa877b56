"""Owns one fuzzed configuration: everything is asked of it, and what must never happen is looked for."""

from __future__ import annotations

import io
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence

from chart_py import golden
from chart_py.checks.everything import Result, validate
from chart_py.checks.objects import kubeconform
from chart_py.cli.values import told
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.editions import TODAY
from chart_py.engine.comparing import compare
from chart_py.engine.reaching import of_values
from chart_py.errors import ChartError
from chart_py.manifest.documents import to_documents, to_yaml
from chart_py.migrate.migration import migrate
from chart_py.reach.assertions import suggested
from chart_py.reach.edges import between
from chart_py.reach.matrix import matrix
from chart_py.rendering import context_for, render
from chart_py.secrecy import hidden
from chart_py.values.load import Loaded, load_values
from chart_py.views import findings as report
from chart_py.views import plan_text, reach_text
from chart_py.views.plan_data import plan_data
from chart_py.views.reach_data import matrix_data, shifts_data
from chart_py.views.reach_markdown import matrix_markdown
from tests.fuzz.mutation import SECRET, configuration, seeds

# Beside what the verbs share, each of ten or so reads and renders the configuration again.
SECONDS = 4.0


def everything_said(text: str) -> tuple[str, str]:
    """What is printed about a configuration, in every output, and how it ended."""
    try:
        result = validate([io.StringIO(text)])
    except ChartError as error:
        return str(error), type(error).__name__
    printed = [finding.text() for finding in result.findings]
    if not result.refused:
        loaded = load_values([io.StringIO(text)])
        printed += [to_yaml(hidden(loaded.tree)), *told(loaded, "hub.config", TODAY), *told(loaded, "proxy", TODAY)]
        printed += [*compared(text, loaded), *reached(loaded)]
    printed += migrated(text)
    printed += [report.to_json(result), report.to_sarif(result), report.to_github(result), report.summary(result)]
    return "\n".join(printed), ended(result)


def compared(text: str, loaded: Loaded) -> list[str]:
    """What `diff` and `golden` show of the configuration beside one on the defaults."""
    other = load_values([{}])
    plan = compare(other, loaded)
    before, after = (
        to_documents(render(each, context_for(each, Context(), token=lambda: MASK))) for each in (other, loaded)
    )
    return [*map(str, plan_text.lines(plan)), json.dumps(plan_data(plan), default=str), *golden.changes(before, after)]


def reached(loaded: Loaded) -> list[str]:
    """What `reach` shows of the configuration, and of it beside one on the defaults."""
    view, other = (of_values(each, "jhub", "jhub") for each in (loaded, load_values([{}])))
    found = matrix(view.release)
    shifts = between(other.release, view.release)
    shown = [*reach_text.head(found, view.settings, view.plugins), *reach_text.matrix_lines(found)]
    shown += [*reach_text.legend(found, view.settings), *reach_text.shift_lines(shifts), *suggested(view.release)]
    shown += [line for edge in found.edges for line in reach_text.edge_lines(edge, view.settings)]
    data = matrix_data(found, view.settings, view.plugins)
    return [*shown, *matrix_markdown(found, view.settings, view.plugins), json.dumps([data, shifts_data(shifts)])]


def migrated(text: str) -> list[str]:
    """What `migrate` tells of the configuration, as a whole and as a part; its text is the user's own."""
    said = []
    for version, whole in (("0.7", True), (TODAY, False), (None, True)):
        try:
            done = migrate(text, "values", chart_version=version, whole=whole)
        except ChartError as error:
            said.append(str(error))
            continue
        said += [finding.text() for finding in done.findings]
        said += [left.field for left in done.remaining]
    return said


def ended(result: Result) -> str:
    """How a configuration ended: refused, with errors, or fine."""
    levels = {finding.level.value for finding in result.findings}
    return "refused" if result.refused else "errors" if "error" in levels else "fine"


def problem(text: str) -> tuple[str, str]:
    """What must never happen, in one line, empty if nothing did; and how it ended."""
    # Of this process alone: others may be at work beside it.
    start = time.process_time()
    try:
        printed, how = everything_said(text)
    except Exception as error:  # The very thing that is looked for.
        return f"{type(error).__name__}: {error}", "traceback"
    if SECRET in printed and not excused(text):
        return "a secret is shown", how
    if (took := time.process_time() - start) > SECONDS:
        return f"it took {took:.1f} s", how
    return "", how


def excused(text: str) -> bool:
    """Whether a mutation has put the secret where nothing tells that it is one."""
    glued = re.search(rf"\w{SECRET}", text) is not None
    # A piece of a template, which is what some mutations put anywhere, makes another word of it.
    torn = re.search(rf"[{{}}]\w*[\"']?\s*:\s*{SECRET}", text) is not None
    bare = any(_is_bare(line) for line in text.splitlines())
    return glued or torn or bare


def _is_bare(line: str) -> bool:
    """Whether a secret stands in a line without a key that tells of it, right before it or anywhere."""
    keys = re.findall(rf"([\w.\-]*)[\"']?\s*:\s*[\"']?{SECRET}", line)
    return SECRET in line and not all(re.search(r"(?i)secr|pass|token|key", key) for key in keys or [line])


def main(arguments: Sequence[str]) -> int:
    """Run so many configurations with one seed; print what went wrong and how they ended."""
    count, seed = (int(a) for a in [*arguments, *("10000", "1")[len(arguments) :]])
    chance, texts, ends = random.Random(seed), seeds(), Counter[str]()
    # Starting a process for each would be most of the time; the library asks the same questions.
    kubeconform.find = lambda *_: None
    wrong = 0
    # What is imported and read once is no part of the time that one takes.
    everything_said(texts[0])
    for number in range(count):
        text = configuration(chance, texts)
        said, how = problem(text)
        ends[how] += 1
        if said:
            wrong += 1
            print(f"--- {number}: {said}\n{text}", flush=True)
    print(f"{count} configurations, seed {seed}: {wrong} went wrong; {dict(ends)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
