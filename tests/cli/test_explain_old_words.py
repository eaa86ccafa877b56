"""`explain` of words of older charts, and the page of all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chart_py.reference.old_setting import page
from tests.fake_hub import Ran

Call = Callable[..., Ran]
DOCS = Path(__file__).parent.parent.parent / "docs"


def test_a_word(chart_py: Call) -> None:
    assert chart_py("explain", "rbac.enabled").out == (
        "rbac.enabled: true or false\n"
        "   A setting of charts 0.5 to 1.2; it is understood, and `migrate` rewrites it.\n"
        "   Today:     rbac.create\n"
        "              hub.serviceAccount.create\n"
        "              proxy.traefik.serviceAccount.create\n"
        "              scheduling.userScheduler.serviceAccount.create\n"
        "              prePuller.hook.serviceAccount.create\n"
        "              prePuller.hook.serviceAccountImagePuller.create\n"
        "              prePuller.continuous.serviceAccount.create\n"
        "   Why:       roles and service accounts are made or not made one by one since\n"
        "              chart 2.0\n"
    )
    assert "Today:     nothing does this any more\n" in chart_py("explain", "proxy.nginx").out
    assert chart_py("explain", "proxy.networkPolicy").out.startswith("proxy.networkPolicy: a map of settings\n")


def test_a_section(chart_py: Call) -> None:
    out = chart_py("explain", "auth.whitelist").out
    assert out == (
        "auth.whitelist: an old section\n"
        "   A section of charts up to 0.11; it is understood, and `migrate` rewrites it.\n\n"
        "auth.whitelist.users  hub.config.Authenticator.allowed_users\n"
    )
    assert len(chart_py("explain", "auth").out.splitlines()) > 60


def test_todays_words_are_explained_as_ever(chart_py: Call) -> None:
    for word in ("hub.extraConfig", "hub.db.url", "rbac", "hub"):
        assert "up to" not in chart_py("explain", word).out
    assert chart_py("explain", "auth.typ").code == 2


def test_the_page_is_current() -> None:
    assert (DOCS / "guide-settings.md").read_text(encoding="utf-8") == page(), "run scripts/make-docs"
