"""Every YAML snippet of the guide renders, or gets a finding that tells its reader what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from chart_py.finding import Level
from tests.values.guide_snippets import SNIPPETS, Snippet, outcome, page

PAGE = Path(__file__).parent.parent.parent / "docs" / "guide-snippets.md"
# The guide leaves these open (a name in angle brackets, lines left out), or they are no configuration of a hub.
REFUSED = {185, 194, 545, 661, 819, 834, 872, 925, 1110, 1354, 1362, 1424, 1555}


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: f"{snippet.line} {snippet.about}")
def test_it_renders_or_is_told_what_to_write(snippet: Snippet) -> None:
    found = outcome(snippet)
    errors = [finding for finding in found.findings if finding.level is Level.ERROR]
    assert bool(errors) is (snippet.line in REFUSED)
    assert bool(found.objects) is not bool(errors)
    for finding in found.findings:
        assert finding.place is not None
        assert finding.place.line
        assert finding.advice or "belongs to" in finding.message or finding.level is not Level.ERROR


def test_there_are_more_than_fifty_and_the_page_has_them_all() -> None:
    assert len(SNIPPETS) == 63
    assert [snippet.line for snippet in SNIPPETS] == sorted({snippet.line for snippet in SNIPPETS})
    assert PAGE.read_text(encoding="utf-8") == page(), "run scripts/make-docs"
