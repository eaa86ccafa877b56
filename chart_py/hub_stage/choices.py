"""Owns which choices of a profile are tried: all together where they are few, else each at least once."""

from __future__ import annotations

import itertools
import re
from typing import Any

UNLISTED = "--unlisted-choice"
# What a person may type where a choice is not listed; the first that the profile takes is tried.
_TYPED = ("quay.io/jupyter/base-notebook:2025-01-01", "jupyter/base-notebook:latest", "example", "main", "1", "4G")


def combinations(profile: dict[str, Any], most: int) -> list[dict[str, str]]:
    """Ways to answer the questions of a profile: every one of at most `most`, or else each choice in at least one.

    With `most` of 1, the answers that the form begins with.
    """
    options = profile.get("profile_options") or {}
    answers = {key: _answers(key, option) for key, option in options.items() if isinstance(option, dict)}
    answers = {key: found for key, found in answers.items() if found}
    if not answers:
        return [{}]
    if most <= 1:
        return [dict(found[0] for found in answers.values())]
    number = 1
    for found in answers.values():
        number *= len(found)
    if number <= most:
        return [dict(pair) for pair in itertools.product(*answers.values())]
    longest = max(len(found) for found in answers.values())
    return [dict(found[index % len(found)] for found in answers.values()) for index in range(longest)]


def _answers(key: str, option: dict[str, Any]) -> list[tuple[str, str]]:
    choices = option.get("choices") or {}
    found = [(key, str(choice)) for choice in choices]
    # The one that the form begins with goes first.
    found.sort(key=lambda pair: not (isinstance(choices[pair[1]], dict) and choices[pair[1]].get("default")))
    unlisted = option.get("unlisted_choice") or {}
    if isinstance(unlisted, dict) and unlisted.get("enabled"):
        found += [(key + UNLISTED, text) for text in _typed(unlisted.get("validation_regex"))]
    return found


def _typed(pattern: Any) -> list[str]:
    """A text that the pattern takes; one that it does not, where the pattern itself is to blame."""
    try:
        return [text for text in _TYPED if not pattern or re.match(pattern, text)][:1]
    except (re.error, TypeError):
        return list(_TYPED[:1])


def form_of(profile: dict[str, Any], picked: dict[str, str]) -> dict[str, list[str]]:
    """What the browser sends once somebody has chosen the profile and answered its questions."""
    slug = str(profile.get("slug") or "")
    form = {"profile": [slug]}
    for option in profile.get("profile_options") or {}:
        for key in (str(option), str(option) + UNLISTED):
            if key in picked:
                form[f"profile-option-{slug}--{key}"] = [picked[key]]
    return form
