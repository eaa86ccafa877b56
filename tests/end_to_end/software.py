"""Owns what the images are in these tests: which program of this machine runs where a node would run a container."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.end_to_end import programs


@dataclass(frozen=True)
class Software:
    """An image: folders of its PATH, files that it has (place → path on this machine), entry point, working folder.

    `uid` and `gid` are for containers that do not say; `variables` are its own.
    """

    folders: tuple[Path, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)
    entry_point: tuple[str, ...] = ()
    working_folder: str = "/"
    uid: int = 0
    gid: int = 0
    variables: Mapping[str, str] = field(default_factory=dict)


PYTHON = Path(sys.executable).parent
_JOVYAN = {"HOME": "/home/jovyan", "LANG": "C.UTF-8"}


def hub() -> Software:
    """The hub's image: JupyterHub, KubeSpawner, the authenticators and the culler of the test's own Python."""
    return Software((PYTHON,), working_folder="/srv/jupyterhub", uid=1000, gid=1000, variables=_JOVYAN)


def notebook() -> Software:
    """An image for users: jupyterhub-singleuser with Jupyter Server."""
    return Software((PYTHON,), working_folder="/home/jovyan", uid=1000, gid=100, variables=_JOVYAN)


def proxy() -> Software:
    """configurable-http-proxy."""
    return Software((programs.proxy_program().parent,), working_folder="/srv", uid=65534, gid=65534)


def scheduler() -> Software:
    """kube-scheduler, which the rendered command calls by its path."""
    return Software(files={"/usr/local/bin/kube-scheduler": programs.scheduler()})


def of_the_chart() -> dict[str, Software]:
    """The images that the rendered manifests name by default, without their tags; all others are played."""
    return {
        "quay.io/jupyterhub/k8s-hub": hub(),
        "quay.io/jupyterhub/configurable-http-proxy": proxy(),
        "registry.k8s.io/kube-scheduler": scheduler(),
    }


def traefik() -> Software:
    """traefik, whose image starts it without a word."""
    return Software(files={"/usr/local/bin/traefik": programs.traefik()}, entry_point=("traefik",))
