"""Owns the templates of the hub's pages: all that can be found are compiled, so a broken one shows here."""

from __future__ import annotations

import os
from typing import Any

from chart_py.hub_stage.telling import Teller


def check_templates(app: Any, teller: Teller) -> None:
    """Compile the pages that the hub has of its own; tell of those that cannot be."""
    settings = getattr(app, "tornado_settings", {})
    environment = settings.get("jinja2_env_sync") or settings.get("jinja2_env")
    if environment is None:
        return
    from jupyterhub import __file__ as package

    shipped = os.path.dirname(package)
    for folder in app.template_paths:
        if not os.path.isdir(folder):
            if not folder.startswith(shipped) and os.path.dirname(shipped) not in folder:
                teller.tell({"event": "missing", "what": "templates", "path": teller.path(folder)})
            continue
        for name in sorted(os.listdir(folder)):
            file = os.path.join(folder, name)
            if not name.endswith(".html") or teller.path(file) not in teller.texts:
                continue
            try:
                environment.get_template(name)
            except Exception as error:
                line = getattr(error, "lineno", 0) or 0
                teller.trouble(error, template=[teller.path(file), line])
