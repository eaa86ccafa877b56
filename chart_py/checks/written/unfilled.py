"""What nobody has filled in: variables, templates, angle brackets, `init`'s own placeholders."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.checks.written.placeholders import REST, Kind, kind_at, texts, told
from chart_py.finding import Level, Path


@row(
    "not-filled-in",
    Level.WARNING,
    remedy="Write the values themselves.",
    example="proxy: {https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: '${USER}@a.org'}}}",
)
def unfilled(facts: Facts) -> Iterator[Said]:
    """Places left to fill in are still open; each kind is reported once, with all its places."""
    found: dict[Kind, list[Path]] = {}
    for layer in facts.loaded.sources.layers:
        for path, text in texts(layer.tree):
            kind = kind_at(path, text)
            if kind and path not in found.get(kind, []):
                found.setdefault(kind, []).append(path)
    for kind, paths in found.items():
        yield Said(paths[0], told(kind, paths), f"{kind.advice} {REST}")


_OWN = {"my-university": "the organization", "change-me": "the password", "...": "what the provider says"}


@row(
    "placeholder",
    Level.WARNING,
    remedy="Replace it.",
    example="hub: {config: {DummyAuthenticator: {password: change-me}}}",
)
def ours(facts: Facts) -> Iterator[Said]:
    """A placeholder that `init` wrote has not been replaced."""
    for class_name, traits in facts.config.items():
        for name, value in traits.items() if isinstance(traits, dict) else ():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and text in _OWN:
                    open_door = text == "change-me" and _is_open_to_all(facts)
                    message = "this placeholder is not filled in"
                    message += "; everyone who knows it can log in as anyone" if open_door else ""
                    yield Said(("hub", "config", class_name, name), message, f"Write {_OWN[text]}.")


def _is_open_to_all(facts: Facts) -> bool:
    return any(isinstance(traits, dict) and traits.get("allow_all") for traits in facts.config.values())


RULES = rules_of(globals())
