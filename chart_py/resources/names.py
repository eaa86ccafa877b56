"""The names of all objects, made of the release's name, `fullnameOverride` and `nameOverride`."""

from __future__ import annotations

import hashlib

from chart_py.context import CHART_NAME, Context
from chart_py.values.root import Values

LONGEST = 63
# The names that are looked up only since a change.
SINCE = {
    "hub-serviceaccount": "service-account-names",
    "autohttps-serviceaccount": "service-account-names",
    "user-scheduler-serviceaccount": "service-account-names",
    "hook-image-awaiter-serviceaccount": "service-account-names",
    "image-puller-priority": "image-puller-priority",
    "hook-image-puller-serviceaccount": "puller-accounts",
    "continuous-image-puller-serviceaccount": "puller-accounts",
}


class Names:
    """Names by what they are of; `table()` is what the hub's ConfigMap lists.

    With an empty `fullnameOverride` (the default) namespaced objects have plain names (`hub`) and the release's name is
    put before those that the whole cluster shares.
    """

    def __init__(self, values: Values, context: Context) -> None:
        self.app = (values.nameOverride or CHART_NAME)[:LONGEST].rstrip("-")
        self.release = context.release
        self.edition = context.edition
        if values.fullnameOverride is not None:
            self.fullname = values.fullnameOverride
        elif self.app in context.release:
            self.fullname = context.release
        else:
            self.fullname = f"{context.release}-{values.nameOverride or CHART_NAME}"
        self.prefix = f"{self.fullname}-" if self.fullname else ""
        self._values = values

    def named(self, suffix: str) -> str:
        """The name of a namespaced object."""
        return fitted(self.prefix, suffix)

    def shared(self, suffix: str, with_fullname: str | None = None) -> str:
        """The name of an object that the whole cluster shares; `with_fullname` ends it where there is a fullname."""
        if self.fullname:
            return fitted(self.prefix, with_fullname) if with_fullname else self._bare_fullname()
        return fitted(f"{self.release}-", suffix)

    def account(self, create: bool, name: str | None, own: str) -> str:
        """The name of a pod's ServiceAccount: the one that is made, the one that exists, or the namespace's default."""
        return name or (self.named(own) if create else "default")

    @property
    def hub(self) -> str:
        return self.named("hub")

    @property
    def hub_account(self) -> str:
        account = self._values.hub.serviceAccount
        return self.account(account.create, account.name, "hub")

    @property
    def autohttps_account(self) -> str:
        account = self._values.proxy.traefik.serviceAccount
        return self.account(account.create, account.name, "autohttps")

    @property
    def user_scheduler_account(self) -> str:
        account = self._values.scheduling.userScheduler.serviceAccount
        return self.account(account.create, account.name, "user-scheduler")

    @property
    def image_awaiter_account(self) -> str:
        account = self._values.prePuller.hook.serviceAccount
        return self.account(account.create, account.name, "hook-image-awaiter")

    # The pullers' accounts have no rights: their name is the same whoever makes them.
    @property
    def hook_puller_account(self) -> str:
        return self._values.prePuller.hook.serviceAccountImagePuller.name or self.named("hook-image-puller")

    @property
    def continuous_puller_account(self) -> str:
        return self._values.prePuller.continuous.serviceAccount.name or self.named("continuous-image-puller")

    @property
    def user_scheduler(self) -> str:
        """The scheduler's name, by which pods ask for it; also of its ClusterRole."""
        return self.shared("user-scheduler", "user-scheduler")

    @property
    def priority(self) -> str:
        return self.shared("default-priority")

    @property
    def user_placeholder_priority(self) -> str:
        return self.shared("user-placeholder-priority", "user-placeholder")

    @property
    def image_puller_priority(self) -> str:
        return self.shared("image-puller-priority", "image-puller")

    @property
    def ingress(self) -> str:
        return self._bare_fullname() if self.fullname else CHART_NAME

    def _bare_fullname(self) -> str:
        return fitted(self.fullname if self.edition.has("full-names") else self.prefix, "")

    def table(self) -> dict[str, str]:
        """The names that the hub's Python looks up, by the chart's keys."""
        values = self._values
        found = {
            "fullname": self.fullname,
            "fullname-dash": self.prefix,
            "hub": self.hub,
            "hub-serviceaccount": self.hub_account,
            "hub-existing-secret": values.hub.existingSecret or "",
            "hub-existing-secret-or-default": values.hub.existingSecret or self.hub,
            "hub-pvc": self.named("hub-db-dir"),
            "proxy": self.named("proxy"),
            "proxy-api": self.named("proxy-api"),
            "proxy-http": self.named("proxy-http"),
            "proxy-public": self.named("proxy-public"),
            "proxy-public-tls": self.named("proxy-public-tls-acme"),
            "proxy-public-manual-tls": self.named("proxy-public-manual-tls"),
            "autohttps": self.named("autohttps"),
            "autohttps-serviceaccount": self.autohttps_account,
            "user-scheduler-deploy": self.named("user-scheduler"),
            "user-scheduler-serviceaccount": self.user_scheduler_account,
            "user-scheduler-lock": self.named("user-scheduler-lock"),
            "user-placeholder": self.named("user-placeholder"),
            "image-puller-priority": self.image_puller_priority,
            "hook-image-awaiter": self.named("hook-image-awaiter"),
            "hook-image-awaiter-serviceaccount": self.image_awaiter_account,
            "hook-image-puller": self.named("hook-image-puller"),
            "hook-image-puller-serviceaccount": self.hook_puller_account,
            "continuous-image-puller": self.named("continuous-image-puller"),
            "continuous-image-puller-serviceaccount": self.continuous_puller_account,
            "singleuser": self.named("singleuser"),
            "image-pull-secret": self.named("image-pull-secret"),
            "ingress": self.ingress,
            "priority": self.priority,
            "user-placeholder-priority": self.user_placeholder_priority,
            "user-scheduler": self.user_scheduler,
        }
        return {key: name for key, name in found.items() if key not in SINCE or self.edition.has(SINCE[key])}


def fitted(prefix: str, suffix: str) -> str:
    """`prefix` and `suffix` within the 63 characters of a label; a longer prefix is cut and told apart by its hash."""
    if len(prefix) + len(suffix) <= LONGEST:
        return prefix + suffix
    mark = hashlib.sha256(prefix.encode()).hexdigest()[:8]
    room = LONGEST - len(suffix) - len(mark) - 1 - bool(suffix)
    return f"{prefix[:room].rstrip('-.')}-{mark}" + (f"-{suffix}" if suffix else "")
