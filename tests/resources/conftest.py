"""What the tests of builders share: an object made from values as a person writes them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from chart_py.context import Context, Secrets
from chart_py.manifest import Manifest
from chart_py.manifest.clean import clean
from chart_py.values.load import load_values
from chart_py.values.root import Values

Make = Callable[..., Manifest | None]
SECRETS = Secrets(proxy_token="ab" * 32, cookie_secret="cd" * 32, crypt_keeper_keys="ef" * 32)


def values_of(text: str) -> Values:
    return load_values([io.StringIO(text)]).values


@pytest.fixture
def make() -> Make:
    """`make(builder, text, **context)`: the builder's object for the values in `text`, or None."""

    def made(builder: Callable[[Values, Context], Manifest | None], text: str = "", **context: Any) -> Manifest | None:
        built = builder(values_of(text), Context(**{"secrets": SECRETS, **context}))
        return None if built is None else clean(built)

    return made
