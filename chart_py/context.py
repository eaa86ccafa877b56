"""`Context`: everything a render depends on beside the values: the release, the cluster's facts, the secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chart_py.editions import DEFAULT, Edition
from chart_py.errors import UsageError

CHART_NAME = "jupyterhub"
MANAGER = "chart_py"


@dataclass(frozen=True)
class Secrets:
    """The secrets that values need not set. Never shown: `repr` hides them.

    `proxy_token` and `cookie_secret` are 64 hex digits, `crypt_keeper_keys` one or more such keys joined by `;`,
    `service_tokens` maps a service's name to its token. `generated` names those that were made for this render.
    """

    proxy_token: str = field(default="", repr=False)
    cookie_secret: str = field(default="", repr=False)
    crypt_keeper_keys: str = field(default="", repr=False)
    service_tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    generated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Context:
    """What a render depends on beside the values.

    `release` and `namespace` name the release, `revision` counts its upgrades from 1. `kube_version` is the server's,
    as `1.33`, where it is known. `pulled_images` is the checksum of the images that the last upgrade's hook pulled, as
    the hub's ConfigMap has it in the cluster; None where nothing is known, and then they are pulled. `edition`
    is the chart version whose objects are made.
    """

    release: str = "jhub"
    namespace: str = "jhub"
    revision: int = 1
    is_upgrade: bool = False
    kube_version: str | None = None
    pulled_images: str | None = None
    secrets: Secrets = field(default_factory=Secrets)
    edition: Edition = DEFAULT


def check_names(release: str, namespace: str) -> None:
    """Raise UsageError for names that Kubernetes would refuse: a release has at most 53 characters, as Helm's."""
    for what, name, most in (("release", release, 53), ("namespace", namespace, 63)):
        if len(name) > most or not re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name):
            raise UsageError(
                f"{what} {name!r} is not a valid name: expected lowercase letters, digits and dashes, "
                f"at most {most}, such as jhub"
            )
