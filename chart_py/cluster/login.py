"""How a kubeconfig's user logs in, and what is said where that cannot be done: a program is missing, or it fails."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from chart_py.cluster.errors import LoginError
from chart_py.secrecy import masked

_MOST = 200


class Program(NamedTuple):
    """A program that logs in to clusters of a provider: how to get it, and how to log in again."""

    get: str
    login: str


PROGRAMS = {
    "aws": Program(
        "Install the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
        "Run `aws sts get-caller-identity` to see what AWS says, then log in again, for example with `aws sso login`.",
    ),
    "aws-iam-authenticator": Program(
        "Install it from https://github.com/kubernetes-sigs/aws-iam-authenticator, or let the kubeconfig use the AWS "
        "CLI: aws eks update-kubeconfig --name CLUSTER",
        "Run `aws sts get-caller-identity` to see what AWS says, then log in again.",
    ),
    "gke-gcloud-auth-plugin": Program(
        "Run: gcloud components install gke-gcloud-auth-plugin", "Log in again: gcloud auth login"
    ),
    "kubelogin": Program("Run: az aks install-cli", "Log in again: az login"),
    "kubectl-oidc_login": Program("Run: kubectl krew install oidc-login", "Log in again: kubectl oidc-login"),
    "kubectl": Program("Install kubectl: https://kubernetes.io/docs/tasks/tools/", "Log in again with kubectl."),
    "doctl": Program("Install it: https://docs.digitalocean.com/reference/doctl/", "Log in again: doctl auth init"),
    "oci": Program("Install the OCI CLI: https://docs.oracle.com/iaas/tools/oci-cli/", "Log in again: oci session"),
    "tsh": Program("Install Teleport's client tsh: https://goteleport.com/download/", "Log in again: tsh login"),
}
"""What is known of programs by their names in kubeconfigs; an `installHint` there says more."""


@dataclass(frozen=True)
class Login:
    """How the user of a kubeconfig's context logs in: what the file says of `user`. `folder` is where the file is."""

    context: str
    user: str
    entry: Mapping[str, Any] = field(repr=False)
    folder: Path = Path()

    @property
    def program(self) -> str:
        """The program that logs in, empty where none does."""
        return str((self.entry.get("exec") or {}).get("command") or "")

    def need_program(self) -> None:
        """Raise LoginError where the program that logs in is not there."""
        if not self.program:
            return
        command: str | Path = self.folder / self.program if os.sep in self.program else self.program
        variables = {str(e.get("name")): str(e.get("value")) for e in self.entry["exec"].get("env") or []}
        if shutil.which(command, path=variables.get("PATH")) is None:
            hint = str(self.entry["exec"].get("installHint") or "").strip()
            known = PROGRAMS.get(Path(self.program).name)
            raise LoginError(
                f"the login to {self.context or 'the cluster'} needs the program {self.program}, which was not found",
                "\n   ".join(hint.splitlines()) or (known.get if known else "Install it, or add its folder to PATH."),
            )

    def failed(self, said: str) -> LoginError:
        """The error for a login that gave no credentials; `said` is what the Kubernetes client or the program said."""
        where = self.context or "the cluster"
        if self.program:
            known = PROGRAMS.get(Path(self.program).name)
            why = _shown(said.removeprefix("exec: ")) or "it gave neither a token nor a certificate"
            advice = known.login if known else "Log in again with the program that made this kubeconfig."
            return LoginError(f"the program {self.program}, which logs in to {where}, failed: {why}", advice)
        provider = str((self.entry.get("auth-provider") or {}).get("name") or "")
        if provider:
            advice = "Such logins have been replaced by programs; get a new kubeconfig from the cluster's provider."
            return LoginError(f"the kubeconfig's login to {where}, auth-provider {provider}, gives no token", advice)
        advice = "Get a new kubeconfig from the cluster's provider or administrator."
        return LoginError(
            f"the kubeconfig's user {self.user} has no token, certificate or password for {where}", advice
        )


def _shown(said: str) -> str:
    """The first line of a complaint; of what a program itself has written, without secrets."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    first = lines[0][:_MOST] if lines else ""
    return masked(first) if first.startswith("process returned") else first


@dataclass(frozen=True)
class Kubeconfig:
    """What one or several kubeconfig files say together: contexts, users and clusters by name, each with its file."""

    current: str = ""
    contexts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    users: Mapping[str, Any] = field(default_factory=dict, repr=False)
    folders: Mapping[str, Path] = field(default_factory=dict)

    @classmethod
    def of(cls, merged: Any) -> Kubeconfig:
        """What the client's KubeConfigMerger has read; empty for None."""
        if merged is None:
            return cls()
        listed = {
            kind: {str(n.value["name"]): n for n in merged.value[kind]} for kind in ("contexts", "users", "clusters")
        }
        return cls(
            str(merged.value.get("current-context") or ""),
            {name: node.value.get("context") or {} for name, node in listed["contexts"].items()},
            {name: node.value.get("user") for name, node in listed["users"].items()},
            {name: Path(node.path).parent for name, node in listed["clusters"].items()},
        )

    def login(self, context: str) -> Login | None:
        """How the user of a context logs in; None where the context names none, or one without any entry."""
        said = self.contexts.get(context, {})
        name = str(said.get("user") or "")
        entry = self.users.get(name)
        if not isinstance(entry, Mapping) or not entry:
            return None
        return Login(context, name, entry, self.folders.get(str(said.get("cluster")), Path()))


@contextlib.contextmanager
def heard() -> Iterator[list[str]]:
    """What the Kubernetes client says of logins to the root logger, kept from whoever looks at that."""
    said: list[str] = []
    root = logging.getLogger()
    quiet = logging.NullHandler()

    def keep(record: logging.LogRecord) -> bool:
        if record.module != "kube_config":
            return True
        said.append(record.getMessage())
        return False

    root.addFilter(keep)
    # Without any handler, the first message would set one up for good.
    root.addHandler(quiet)
    try:
        yield said
    finally:
        root.removeHandler(quiet)
        root.removeFilter(keep)
