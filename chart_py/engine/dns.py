"""What names lead to, as this machine's resolver says."""

from __future__ import annotations

import socket
from concurrent.futures import Future, TimeoutError
from threading import Thread

SECONDS = 3.0
"""How long an answer is waited for."""
_UNKNOWN = {getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)}


def resolve(name: str) -> tuple[str, ...] | None:
    """The addresses of a name, none where there is no such name, None where nobody answered in time."""
    found: Future[tuple[str, ...] | None] = Future()
    # The system's resolver takes no limit of time; a thread that it holds up ends with the process.
    Thread(target=lambda: found.set_result(_asked(name)), daemon=True).start()
    try:
        return found.result(SECONDS)
    except TimeoutError:
        return None


def _asked(name: str) -> tuple[str, ...] | None:
    try:
        answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return () if error.errno in _UNKNOWN else None
    except (OSError, UnicodeError):
        return None
    return tuple(sorted({str(answer[4][0]) for answer in answers}))
