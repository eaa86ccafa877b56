"""What is said about a word that nobody knows."""

from __future__ import annotations

import io

import pytest

from chart_py.errors import ValuesError
from chart_py.values.load import load_values

CASES = [
    ("hub: {db: {tpye: x}}", "hub.db.tpye: no such word; did you mean hub.db.type?"),
    ("hub: {cookie_secret: x}", "hub.cookie_secret: no such word; did you mean hub.cookieSecret?"),
    ("singleuser: {storageClass: x}", "`storageClass` belongs to singleuser.storage.dynamic"),
    ("hub: {singleuser: {uid: 1}}", "hub.singleuser: no such word; `singleuser` belongs to the top"),
    ("proxy: {https: {contactEmail: b}}", "`contactEmail` belongs to proxy.https.letsencrypt"),
    ("jupyterhub: {hub: {}, proxy: {}}", "jupyterhub: a whole configuration stands below this word"),
    ("basehub: {jupyterhub: {}}", "basehub: no such word"),
    ("hub: {hub: {db: {}, config: {}}}", "hub.hub: no such word; what is below it belongs to hub"),
    ("hub: {env: {A: b}}", "hub.env: no such word; did you mean hub.extraEnv?"),
    ("hub: {d\u0440: {}}", "hub.d\u0440: no such word"),
    ("hub: {\u0441onfig: {}}", "hub.\u0441onfig: no such word; did you mean hub.config?"),
    ("zzzzzz: 1", "zzzzzz: no such word"),
    ("hub:\n", "hub: nothing stands below this word; that is null"),
    ("hub: {db: null}", "hub.db: nothing stands below this word"),
]


@pytest.mark.parametrize(("text", "said"), CASES)
def test_said_once(text: str, said: str) -> None:
    with pytest.raises(ValuesError) as caught:
        load_values([io.StringIO(text)])
    (finding,) = caught.value.findings
    assert said in finding.text(1000)


def test_top_words_of_ones_own_are_free() -> None:
    load_values([io.StringIO("x-mine: {a: 1}\ncustom: {b: 2}\nglobal: {c: 3}\n")])
