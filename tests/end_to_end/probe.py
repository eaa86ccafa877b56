"""Owns a kubelet's probes: requests over a wire, certificates unchecked."""

from __future__ import annotations

import http.client
import ssl

from tests.end_to_end.network import Network


class WireConnection(http.client.HTTPConnection):
    """HTTP to an address of the network; with `tls` over TLS, for the server name `host`."""

    def __init__(
        self,
        network: Network,
        address: str,
        port: int,
        host: str,
        tls: ssl.SSLContext | None = None,
        seconds: float = 30.0,
    ) -> None:
        super().__init__(host, timeout=seconds)
        self._place = (network, address, port, seconds)
        self._tls = tls

    def connect(self) -> None:
        """Connect; OSError where nobody answers."""
        network, address, port, seconds = self._place
        self.sock = network.connect(address, port, seconds)
        if self._tls:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)


def unchecked() -> ssl.SSLContext:
    """TLS with whoever answers."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def succeeds(network: Network, address: str, port: int, path: str, scheme: str) -> bool:
    """Whether a GET is answered with a status from 200 to 399."""
    connection = WireConnection(network, address, port, address, unchecked() if scheme == "HTTPS" else None, 5.0)
    try:
        connection.request("GET", path)
        return 200 <= connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
