"""The Secret with the files that are mounted into users' pods."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources import extra_files
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.root import Values


def secret(values: Values, context: Context) -> Manifest | None:
    """The Secret; None where there are no `singleuser.extraFiles`."""
    names, files = Names(values, context), values.singleuser.extraFiles
    if not files:
        return None
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata(names, context, "singleuser", names.named("singleuser")),
        "type": "Opaque",
        "data": extra_files.secret_data(files),
    }
