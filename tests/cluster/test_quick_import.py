"""The Kubernetes client, imported in part: whoever wants the rest of it has it."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from chart_py.cluster.quick_import import client_modules
modules = client_modules()
assert not {"kubernetes", "kubernetes.dynamic", "oauthlib", "requests_oauthlib", "requests"} & set(sys.modules)
assert client_modules() == modules
login = sys.modules["kubernetes.config.kube_config"]
assert type(login.OAuth2Session(client_id="x")).__module__ == "requests_oauthlib.oauth2_session"
assert issubclass(login.oauthlib.oauth2.rfc6749.errors.InvalidClientIdError, Exception)
import kubernetes
assert kubernetes.config is modules.config and kubernetes.client is modules.client
assert kubernetes.dynamic.DynamicClient and kubernetes.watch.Watch
import oauthlib.oauth2
assert oauthlib.oauth2.rfc6749.errors.InvalidClientIdError
"""


def test_what_is_left_out_comes_when_it_is_wanted() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_after_the_whole_client_it_is_that() -> None:
    code = "import kubernetes, sys\nfrom chart_py.cluster.quick_import import client_modules\n"
    code += "assert client_modules().config is kubernetes.config\nassert 'oauthlib' in sys.modules\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
