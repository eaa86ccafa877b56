"""A plan without a cluster: what would change between two lists of objects."""

from __future__ import annotations

from collections.abc import Iterable

from chart_py.changes.change import Change, Operation
from chart_py.changes.content import content
from chart_py.changes.dangers import claims_beside
from chart_py.changes.plan import Aim, Plan
from chart_py.manifest import Manifest
from chart_py.manifest.difference import differences
from chart_py.manifest.key import key_of


def plan_between(before: Iterable[Manifest], after: Iterable[Manifest], *, release: str, namespace: str) -> Plan:
    """The changes from `before` to `after`, in the order of `after`, then what is deleted.

    A Secret's `stringData` counts as its `data`. Objects without a namespace are in `namespace`.
    """
    old = {_key(each, namespace): _with_data(each) for each in before}
    new = {_key(each, namespace): _with_data(each) for each in after}
    changes = []
    for key, wanted in new.items():
        live = old.get(key)
        if live is None:
            operation = Operation.CREATE
        else:
            operation = Operation.UPDATE if differences(content(live), content(wanted)) else Operation.UNCHANGED
        changes.append(Change(operation, wanted=wanted, live=live))
    changes += [_gone(live) for key, live in old.items() if key not in new]
    beside = claims_beside(changes)
    return Plan(Aim.UPGRADE, release, namespace, 0, 0, tuple(changes), claims_beside=beside)


def _gone(live: Manifest) -> Change:
    """What becomes of an object that is not wanted any more; claims stay, as they do on a cluster."""
    if live.get("kind") == "PersistentVolumeClaim":
        return Change(Operation.KEEP, live=live, reason="claims are kept: they hold data")
    return Change(Operation.DELETE, live=live)


def _key(manifest: Manifest, namespace: str) -> tuple[str, ...]:
    key = key_of(manifest)
    return key.group, key.kind, key.namespace or namespace, key.name


def _with_data(manifest: Manifest) -> Manifest:
    texts = manifest.get("stringData") if manifest.get("kind") == "Secret" else None
    if not texts:
        return manifest
    import base64

    encoded = {key: base64.b64encode(str(text).encode()).decode() for key, text in texts.items()}
    rest = {key: value for key, value in manifest.items() if key != "stringData"}
    return {**rest, "data": {**(manifest.get("data") or {}), **encoded}}
