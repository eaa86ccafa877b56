"""`validate --placeholders` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.fake_hub import Ran


def test_the_flag(chart_py: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("hub:\n  baseUrl: ${path}\n", encoding="utf-8")
    assert chart_py("validate", "-f", str(file)).code == 2
    result = chart_py("validate", "-f", str(file), "--placeholders")
    assert result.code == 0
    assert "hub.baseUrl: shell variables are not filled in" in " ".join(result.err.split())
