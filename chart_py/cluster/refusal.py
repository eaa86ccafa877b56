"""What an API server or the network says when a request fails, as errors and in words."""

from __future__ import annotations

import json
import re
from typing import Any

from chart_py.cluster.errors import GoneError, LoginError, RefusedError
from chart_py.secrecy import masked

_ANONYMOUS = 'User "system:anonymous"'
_UNTYPED = "failed to create typed patch object"


def retry_after(answer: Any) -> float:
    """The seconds that the server asked to wait; 0 where it did not, or gave a date."""
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else 0.0


def network_fault(error: OSError) -> str:
    """What is wrong with the connection, without the names of Python's objects."""
    text = str(error)
    for end in ("connection refused", "connection reset by peer", "name or service not known", "timed out"):
        if end in text.lower():
            return end
    return text.rpartition(": ")[2] or type(error).__name__


def distrust(error: Exception, url: str) -> LoginError:
    """The error for a connection whose other end cannot be trusted, or does not trust us."""
    found = re.search(r"\] (.+?)(?: \(_ssl|$)", str(error))
    text = found[1] if found else "the server's certificate cannot be verified"
    return LoginError(
        f"cannot trust the connection to {url}: {text}",
        "Check that this is the right cluster, and that certificate-authority in the kubeconfig is this cluster's.",
    )


def login_refused(what: str) -> LoginError:
    """The error for a login that is not accepted."""
    return LoginError(
        f"{what}: the cluster does not accept the login (401)",
        "The token or certificate has expired, or belongs to another cluster. Log in again, then run the same command.",
    )


def anonymous(what: str) -> LoginError:
    """The error for a request that the cluster took for nobody's."""
    return LoginError(
        f"{what}: the cluster does not know who you are: no login was sent",
        "The kubeconfig's context names no user, or one without any login. Log in, or name another --context.",
    )


def refusal(answer: Any, what: str) -> RefusedError:
    """The server's no as an error; `what` describes the request. Raises LoginError where nobody has logged in."""
    try:
        status = json.loads(answer.data)
    except ValueError:
        status = {}
    if not isinstance(status, dict) or "message" not in status:
        text = answer.data.decode("utf-8", "replace").strip().splitlines()
        status = {"message": text[0][:200] if text else "no reason given"}
    code, message = answer.status, str(status["message"])
    if code == 500 and message.startswith(_UNTYPED):
        # A field that the schema does not have is the sender's fault, whatever the server calls it.
        code, message = 422, message.partition("): ")[2] or message
    if code == 403 and _ANONYMOUS in message:
        raise anonymous(what)
    details = status.get("details") or {}
    # What is said of a Secret may repeat what is in it.
    shown = masked if "Secret" in what else str
    causes = [(str(each.get("field", "")), shown(str(each.get("message", "")))) for each in details.get("causes") or []]
    kind = GoneError if code == 410 else RefusedError
    return kind(code, str(status.get("reason", "")), shown(message), what, causes)
