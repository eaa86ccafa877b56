"""What is said about a word that nobody knows."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from chart_py.editions import TODAY
from chart_py.errors import ValuesError
from chart_py.values.guide_settings import ROWS, rows_before
from chart_py.values.load import load_values
from chart_py.values.root import Values
from chart_py.values.unknown_setting import all_settings

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
    ("singleuser: {imagePullSecrets: [a]}", "unknown setting; did you mean singleuser.image.pullSecrets?"),
    ("singleuser: {memoryLimit: 2G}", "unknown setting; did you mean singleuser.memory.limit?"),
    ("singleuser: {image: {repository: a}}", "unknown setting; did you mean singleuser.image.name?"),
    ("imagePullSecret: {enabled: true}", "unknown setting; did you mean imagePullSecret.create?"),
    ("cull: {create: true}", "unknown setting; did you mean cull.enabled?"),
    ("auth: {users: [a]}", "unknown setting; use hub.config.Authenticator.allowed_users"),
    ("hub: {existingConfigmap: a}", "unknown setting; use hub.config and hub.extraConfig, or hub.existingSecret"),
    ("hub: {existingConfigMap: a}", "unknown setting; use hub.config and hub.extraConfig, or hub.existingSecret"),
    ("hub: {imagePulPolicy: Always}", "did you mean hub.image.pullPolicy (once hub.imagePullPolicy)?"),
    ("proxy: {ingress: {enabled: true}}", "proxy.ingress: unknown setting; `ingress` belongs to the top level\n"),
    ("singleuser: {users: [a]}", "singleuser.users: unknown setting\n"),
    ("hub:\n", "hub: nothing is below this key; that means null"),
    ("hub: {db: null}", "hub.db: null removes hub.db.type, hub.db.pvc"),
]


@pytest.mark.parametrize(("text", "said"), CASES)
def test_said_once(text: str, said: str) -> None:
    with pytest.raises(ValuesError) as caught:
        load_values([io.StringIO(text)])
    (finding,) = caught.value.findings
    assert said in finding.text(1000)


def test_no_obsolete_setting_is_proposed() -> None:
    rows = rows_before(ROWS, TODAY)
    words, obsolete = dict(all_settings(Values)), {row.path for row in rows if row.when is None}
    for row in rows:
        if "*" in row.path or row.when is not None or not row.new:
            continue
        for typo in (row.path[-1] + "s", row.path[-1][:-1], row.path[-1].upper()):
            tree: Any = 1
            for step in (*row.path[:-1], typo)[::-1]:
                tree = {step: tree}
            try:
                load_values([tree])
            except ValuesError as error:
                for found in re.findall(r"did you mean (\S+)", "\n".join(f.message for f in error.findings)):
                    path = tuple(found.rstrip("?").split("."))
                    assert any(path[:end] in words for end in range(1, len(path) + 1)), (row.old, typo, found)
                    assert path not in obsolete, (row.old, typo, found)


def test_top_words_of_ones_own_are_free() -> None:
    load_values([io.StringIO("x-mine: {a: 1}\ncustom: {b: 2}\nglobal: {c: 3}\n")])
