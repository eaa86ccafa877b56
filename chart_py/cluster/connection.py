"""How a cluster is reached: a kubeconfig or the pod's own account, read by the Kubernetes client, and its pool."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from chart_py.cluster.errors import LoginError
from chart_py.cluster.login import Kubeconfig, Login, heard
from chart_py.cluster.quick_import import client_modules

_POOL_SIZE = 32
_ADVICE = "Name one with --kubeconfig FILE or --context NAME, or set KUBECONFIG."


class Connection:
    """A login at one API server.

    `url` is its address, `namespace` the one that the configuration names, `context` the configuration's context (empty
    in a pod). `pool` is urllib3's PoolManager with the client's certificates and proxy. `is_verified` says whether the
    server has to show that it is the right one.
    """

    def __init__(self, kubeconfig: str | None = None, context: str | None = None) -> None:
        self._kubeconfig = kubeconfig
        self._wanted_context = context
        self._lock = threading.Lock()
        self._logins = 0
        self._login: Login | None = None
        self.context = ""
        self.namespace = "default"
        self._load()

    def headers(self) -> dict[str, str]:
        """The headers that carry the login; an expired token is fetched again by the client."""
        with self._lock, heard() as said:
            found: Mapping[str, Mapping[str, Any]] = self._configuration.auth_settings()
        if said and self._login is not None:
            raise self._login.failed(" ".join(said))
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
                self._load_file(config, configuration)
        except (config.ConfigException, OSError) as error:
            raise LoginError(f"no usable cluster configuration: {error}", _ADVICE) from None
        except (ValueError, LookupError, TypeError, AttributeError, yaml.YAMLError):
            # What these say may repeat what is in the file: tokens too.
            raise LoginError("no usable cluster configuration: not a kubeconfig", _ADVICE) from None
        self._configuration = configuration
        self.url = str(configuration.host).rstrip("/")
        self.is_verified = bool(configuration.verify_ssl) or not self.url.startswith("https")
        if not self.is_verified:
            # Whoever opens the connection says it once; urllib3 would for each request.
            import urllib3

            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        self.pool = rest.RESTClientObject(configuration).pool_manager
        self._logins += 1

    def _load_file(self, config: Any, configuration: Any) -> None:
        # The client looks at the variable only when it is imported.
        file = self._kubeconfig or os.environ.get("KUBECONFIG") or None
        read = config.kube_config.KubeConfigMerger(file or config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION).config
        merged = Kubeconfig.of(read)
        self._read_context(merged)
        self._login = merged.login(self.context)
        if self._login is not None:
            self._login.need_program()
        with heard() as said:
            config.load_kube_config(file, self._wanted_context, configuration)
            given = configuration.cert_file or any(each["value"] for each in configuration.auth_settings().values())
        if self._login is not None and (said or not given):
            raise self._login.failed(" ".join(said))

    def _read_context(self, merged: Kubeconfig) -> None:
        if self._wanted_context is not None and self._wanted_context not in merged.contexts:
            names = ", ".join(sorted(merged.contexts)) or "none"
            raise LoginError(f"the kubeconfig has no context {self._wanted_context!r}", f"Contexts there: {names}")
        self.context = self._wanted_context or merged.current
        self.namespace = str(merged.contexts.get(self.context, {}).get("namespace") or "default")


_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


def _is_in_pod() -> bool:
    """Whether this runs in a pod and nothing else was configured."""
    has_file = bool(os.environ.get("KUBECONFIG")) or Path("~/.kube/config").expanduser().exists()
    return "KUBERNETES_SERVICE_HOST" in os.environ and (_ACCOUNT / "token").exists() and not has_file


def _pod_namespace() -> str:
    file = _ACCOUNT / "namespace"
    return file.read_text(encoding="utf-8").strip() if file.exists() else "default"
