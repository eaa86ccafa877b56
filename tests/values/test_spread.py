"""A secret that goes on in other lines than its key's is in no excerpt of those lines."""

from __future__ import annotations

import pytest

from chart_py.errors import ValuesError
from chart_py.values.layer import from_text
from chart_py.values.load import load_values


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{hub: {cookieSecret: [\n  hunter2, hunter2], tpye: x}}", "  *******, *******], tpye: x}}"),
        ('{hub: {cookieSecret: "hunter2\n  hunter3", tpye: x}}', "**********, tpye: x}}"),
        ("hub:\n  tpye: hunter2\n", "  tpye: hunter2"),
        ("hub: {cookieSecret: hunter2, tpye: x}\n", "hub: {cookieSecret: (hidden), tpye: x}"),
    ],
)
def test_the_excerpt(text: str, shown: str) -> None:
    with pytest.raises(ValuesError) as caught:
        load_values([{}, from_text(text, "values", lambda finding: pytest.fail(finding.text()))])
    [found] = [each for each in caught.value.findings if each.code == "unknown-setting"]
    assert found.text().splitlines()[1].partition(" | ")[2] == shown
    assert found.text().splitlines()[2].endswith("^^^^")
