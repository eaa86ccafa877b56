"""How a cluster is reached: a kubeconfig or the pod's own account, read by the Kubernetes client, and its pool."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from chart_py.cluster.errors import LoginError
from chart_py.cluster.quick_import import client_modules

_POOL_SIZE = 32
_ADVICE = "Name one with --kubeconfig FILE or --context NAME, or set KUBECONFIG."


class Connection:
    """A login at one API server.

    `url` is its address, `namespace` the one that the configuration names, `context` the configuration's context (empty
    in a pod). `pool` is urllib3's PoolManager with the client's certificates and proxy.
    """

    def __init__(self, kubeconfig: str | None = None, context: str | None = None) -> None:
        self._kubeconfig = kubeconfig
        self._wanted_context = context
        self._lock = threading.Lock()
        self._logins = 0
        self.context = ""
        self.namespace = "default"
        self._load()

    def headers(self) -> dict[str, str]:
        """The headers that carry the login; an expired token is fetched anew by the client."""
        with self._lock:
            found: Mapping[str, Mapping[str, Any]] = self._configuration.auth_settings()
        return {auth["key"]: auth["value"] for auth in found.values() if auth["in"] == "header" and auth["value"]}

    @property
    def logins(self) -> int:
        """How many logins there have been; given back to `renew`, so that many threads renew once."""
        return self._logins

    def renew(self, seen: int) -> None:
        """Log in again (run the exec plugin, read the token's file) unless that has been done since `seen` logins."""
        with self._lock:
            if self._logins == seen:
                self._load()

    def _load(self) -> None:
        config, client, rest = client_modules()
        configuration = client.Configuration()
        configuration.connection_pool_maxsize = _POOL_SIZE
        try:
            if self._kubeconfig is None and self._wanted_context is None and _is_in_pod():
                config.load_incluster_config(client_configuration=configuration)
                self.namespace = _pod_namespace()
            else:
                # The client looks at the variable only when it is imported.
                file = self._kubeconfig or os.environ.get("KUBECONFIG") or None
                self._read_context(config, file)
                config.load_kube_config(file, self._wanted_context, configuration)
        except (config.ConfigException, OSError) as error:
            raise LoginError(f"no usable cluster configuration: {error}", _ADVICE) from None
        except (ValueError, LookupError, TypeError, AttributeError, yaml.YAMLError):
            # What these say may repeat what is in the file: tokens too.
            raise LoginError("no usable cluster configuration: not a kubeconfig", _ADVICE) from None
        self._configuration = configuration
        self.url = str(configuration.host).rstrip("/")
        self.pool = rest.RESTClientObject(configuration).pool_manager
        self._logins += 1

    def _read_context(self, config: Any, file: str | None) -> None:
        contexts, active = config.list_kube_config_contexts(file)
        chosen = active
        if self._wanted_context is not None:
            found = [each for each in contexts if each["name"] == self._wanted_context]
            if not found:
                names = ", ".join(sorted(each["name"] for each in contexts)) or "none"
                raise LoginError(f"the kubeconfig has no context {self._wanted_context!r}", f"Contexts there: {names}")
            chosen = found[0]
        if chosen:
            self.context = str(chosen["name"])
            self.namespace = str(chosen["context"].get("namespace") or "default")


_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def _is_in_pod() -> bool:
    """Whether this runs in a pod and nothing else was configured."""
    has_file = bool(os.environ.get("KUBECONFIG")) or Path("~/.kube/config").expanduser().exists()
    return "KUBERNETES_SERVICE_HOST" in os.environ and (_ACCOUNT / "token").exists() and not has_file


def _pod_namespace() -> str:
    file = _ACCOUNT / "namespace"
    return file.read_text(encoding="utf-8").strip() if file.exists() else "default"
