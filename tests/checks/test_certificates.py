"""Certificates and keys of one's own, made for the test."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import yaml

from chart_py.checks.network import certificates
from chart_py.values.load import load_values
from tests.certificate import DAY, self_signed

NOW = datetime(2026, 11, 23, tzinfo=timezone.utc)


def made(*names: str, start: timedelta = -DAY, end: timedelta = 365 * DAY) -> tuple[str, str]:
    """A self-signed certificate for names, and its key, both PEM."""
    return self_signed(NOW, *names, start=start, end=end)


def said(cert: str, key: str, **https: Any) -> list[str]:
    manual = {"enabled": True, "type": "manual", "hosts": ["hub.example.org"], "manual": {"cert": cert, "key": key}}
    text = yaml.safe_dump({"proxy": {"https": manual | https}})
    found = certificates.check(load_values([io.StringIO(text)]), NOW)
    for finding in found:
        secret = [line for line in (key + cert).splitlines() if len(line) > 20 and not line.startswith("-")]
        assert not any(line in finding.text() for line in secret)
    return [f"{finding.path[-1]}: {finding.message}" for finding in found]


def test_what_is_right() -> None:
    assert said(*made("hub.example.org")) == []
    assert said(*made("*.example.org")) == []
    cert, key = made("HUB.example.org")
    assert said(cert + made("other")[0], key) == []
    assert said("x", "y", type="letsencrypt", letsencrypt={"contactEmail": "a@b.c"}) == []


CASES = [
    (lambda c, k: ("x", k), ["cert: not a PEM certificate"]),
    (lambda c, k: (c, "x"), ["key: not a PEM private key"]),
    (lambda c, k: (c, made("a")[1]), ["key: this key does not belong to the certificate"]),
    (lambda c, k: (made("hub.example.org")[0] + c, k), ["key: this key does not belong to the certificate"]),
    (lambda c, k: (k, c), ["cert: not a PEM certificate", "key: not a PEM private key"]),
]


@pytest.mark.parametrize(("change", "expected"), CASES)
def test_what_does_not_fit_together(change: Any, expected: list[str]) -> None:
    assert said(*change(*made("hub.example.org"))) == expected


def test_time_and_names() -> None:
    assert said(*made("hub.example.org", start=-9 * DAY, end=-DAY)) == ["cert: this certificate expired on 2026-11-22"]
    assert said(*made("hub.example.org", end=10 * DAY)) == ["cert: this certificate expires on 2026-12-03"]
    assert said(*made("hub.example.org", start=DAY)) == ["cert: this certificate is not valid before 2026-11-24"]
    assert said(*made("*.hub.example.org")) == ["cert: this certificate is not for hub.example.org"]
    assert said(*made("*.org")) == ["cert: this certificate is not for hub.example.org"]
    assert said(*made()) == ["cert: this certificate is not for hub.example.org"]
