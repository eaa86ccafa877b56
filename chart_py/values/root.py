"""`Values`: the whole of the values, one section each, with the words at the top."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import ConfigDict, PrivateAttr

from chart_py.values import formats
from chart_py.values.base import Map, Section, tree_of, word
from chart_py.values.hub import Hub
from chart_py.values.pre_puller import PrePuller
from chart_py.values.proxy import Proxy
from chart_py.values.routes import HttpRoute, Ingress
from chart_py.values.scheduling import Scheduling
from chart_py.values.singleuser import Singleuser


class ImagePullSecret(Section):
    """Credentials for one private registry, kept in a Secret that chart_py makes."""

    create: bool = word(False, "Make the Secret.", needed=True)
    automaticReferenceInjection: bool = word(True, "Let every pod use it.")
    registry: str | None = word(None, "The registry's host name.")
    username: str | None = word(None, "The registry's user.")
    password: str | None = word(None, "The user's password or token.")
    email: str | None = word(None, "The user's e-mail address, for registries that ask for it.", format=formats.email)


class Rbac(Section):
    """Rights within the cluster."""

    create: bool = word(True, "Make Roles and bindings for the ServiceAccounts.", needed=True)
    enabled: bool | None = word(None, "Make Roles, bindings and ServiceAccounts; `create` in newer charts.")


class Cull(Section):
    """Stops servers that nobody uses."""

    enabled: bool = word(True, "Run jupyterhub-idle-culler.", needed=True)
    users: bool | None = word(False, "Delete the users too.")
    adminUsers: bool | None = word(True, "With `users`: admins as well.")
    removeNamedServers: bool | None = word(False, "Delete named servers when they are stopped.")
    timeout: int | None = word(3600, "Seconds without activity after which a server is stopped.")
    every: int | None = word(600, "Seconds between two looks.")
    concurrency: int | None = word(10, "How many requests to the hub at once.")
    maxAge: int | None = word(0, "Seconds after which a server is stopped even if it is used; 0 is never.")


class Debug(Section):
    """Says more in the logs."""

    enabled: bool = word(False, "Log at debug level in hub, proxy and users' servers.", needed=True)


class Global(Section):
    """Shared with the charts around this one; every word is allowed."""

    model_config = ConfigDict(**{**Section.model_config, "extra": "allow"})

    safeToShowValues: bool = word(False, "Taken because the chart has it; chart_py never shows a secret either way.")


class Values(Section):
    """Everything that a configuration can say."""

    free_prefix: ClassVar[str] = "x-"

    fullnameOverride: str | None = word(
        "", "A prefix of all objects' names; null for one made of the release's name.", format=formats.name_part
    )
    nameOverride: str | None = word(
        None, "The chart's name within labels and, with fullnameOverride null, names.", format=formats.name_part
    )
    enabled: bool | None = word(None, "For umbrella charts that switch this one off; nothing reads it here.")
    custom: Map = word({}, 'Yours: the hub reads it by z2jh.get_config("custom.…").', needed=True)
    imagePullSecret: ImagePullSecret = word(ImagePullSecret.of(), "Credentials for a private registry.")
    imagePullSecrets: list[Any] = word([], "Names of Secrets that every pod pulls its images with.", needed=True)
    hub: Hub = word(Hub.of(), "The pod that logs people in and starts their servers.")
    rbac: Rbac = word(Rbac.of(), "Rights within the cluster.")
    proxy: Proxy = word(Proxy.of(), "What browsers talk to first.")
    singleuser: Singleuser = word(Singleuser.of(), "Each person's server.")
    scheduling: Scheduling = word(Scheduling.of(), "Where pods run.")
    prePuller: PrePuller = word(PrePuller.of(), "Images on the nodes beforehand.")
    ingress: Ingress = word(Ingress.of(), "An Ingress in front of the proxy.")
    httpRoute: HttpRoute = word(HttpRoute.of(), "An HTTPRoute in front of the proxy.")
    cull: Cull = word(Cull.of(), "Servers that nobody uses are stopped.")
    debug: Debug = word(Debug.of(), "More in the logs.")
    global_: Global = word(Global.of(), "Shared with the charts around this one.", alias="global")
    _tree: Map | None = PrivateAttr(None)

    @property
    def tree(self) -> Map:
        """The same as plain data by the chart's names, without those that null removed; what the hub reads."""
        return tree_of(self) if self._tree is None else self._tree

    def _laid(self, settings: Mapping[str, Any]) -> None:
        labels = {name: field.alias or name for name, field in type(self).__pydantic_fields__.items()}
        tree = dict(self.tree)
        for name, value in settings.items():
            tree[labels.get(name, name)] = tree_of(value) if isinstance(value, Section) else value
        tree = {key: value for key, value in tree.items() if value is not None}
        self._tree = None if tree == tree_of(self) else tree
