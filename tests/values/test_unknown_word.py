"""What is said about a word that nobody knows."""

from __future__ import annotations

import io

import pytest

from chart_py.errors import ValuesError
from chart_py.values.load import load_values

CASES = [
    ("hub: {db: {tpye: x}}", "hub.db.tpye: unknown setting; did you mean hub.db.type?"),
    ("hub: {cookie_secret: x}", "hub.cookie_secret: unknown setting; did you mean hub.cookieSecret?"),
    ("singleuser: {storageClass: x}", "`storageClass` belongs to singleuser.storage.dynamic"),
    ("hub: {singleuser: {uid: 1}}", "hub.singleuser: unknown setting; `singleuser` belongs to the top"),
    ("proxy: {https: {contactEmail: b}}", "`contactEmail` belongs to proxy.https.letsencrypt"),
    ("jupyterhub: {hub: {}, proxy: {}}", "jupyterhub: the hub's values in this file are below jupyterhub"),
    ("basehub: {jupyterhub: {}}", "basehub: unknown setting"),
    ("hub: {hub: {db: {}, config: {}}}", "hub.hub: unknown setting; what is below it belongs to hub"),
    ("hub: {env: {A: b}}", "hub.env: unknown setting; did you mean hub.extraEnv?"),
    ("hub: {d\u0440: {}}", "hub.d\u0440: unknown setting"),
    ("hub: {\u0441onfig: {}}", "hub.\u0441onfig: unknown setting; did you mean hub.config?"),
    ("zzzzzz: 1", "zzzzzz: unknown setting"),
    ("hub:\n", "hub: nothing is below this key; that means null"),
    ("hub: {db: null}", "hub.db: nothing is below this key"),
]


@pytest.mark.parametrize(("text", "said"), CASES)
def test_said_once(text: str, said: str) -> None:
    with pytest.raises(ValuesError) as caught:
        load_values([io.StringIO(text)])
    (finding,) = caught.value.findings
    assert said in finding.text(1000)


def test_top_words_of_ones_own_are_free() -> None:
    load_values([io.StringIO("x-mine: {a: 1}\ncustom: {b: 2}\nglobal: {c: 3}\n")])
