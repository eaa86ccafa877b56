"""The claim that holds the hub's SQLite database."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.root import Values


def pvc(values: Values, context: Context) -> Manifest | None:
    """The PersistentVolumeClaim, for db.type sqlite-pvc. An empty storageClassName says that no class is wanted."""
    names, db = Names(values, context), values.hub.db
    if db.type != "sqlite-pvc":
        return None
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(names, context, "hub", names.named("hub-db-dir"), annotations=db.pvc.annotations),
        "spec": {
            "accessModes": db.pvc.accessModes,
            "selector": db.pvc.selector or None,
            "resources": {"requests": {"storage": db.pvc.storage}},
            "storageClassName": db.pvc.storageClassName,
        },
    }
