"""Each way to https, up to a handshake with the real traefik or configurable-http-proxy, started as rendered."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from tests.certificate import self_signed
from tests.end_to_end import authority
from tests.end_to_end.browser import HOST, Browser
from tests.end_to_end.cluster import Release
from tests.end_to_end.conftest import MakeRelease, need
from tests.end_to_end.people import PASSWORD
from tests.end_to_end.probe import WireConnection, unchecked

Json = dict[str, Any]

CONTACT = "hub-admins@example.org"


def values(https: Json, **proxy: Any) -> Json:
    """A hub behind https, and nothing else that would have to start."""
    return {
        "hub": {
            "redirectToServer": False,
            "config": {
                "JupyterHub": {"authenticator_class": "shared-password"},
                "SharedPasswordAuthenticator": {"user_password": PASSWORD},
                "Authenticator": {"allowed_users": ["alice"]},
            },
        },
        "proxy": {"https": {"enabled": True, "hosts": [HOST], **https}, **proxy},
        "scheduling": {"userScheduler": {"enabled": False}},
        "prePuller": {"continuous": {"enabled": False}},
    }


def handshake(release: Release, tls: ssl.SSLContext, name: str = HOST) -> str | None:
    """The certificate (PEM) for who comes by https for `name`; None where nobody answers or `tls` does not trust it."""
    address = release.cluster.service_address(release.namespace, "proxy-public")
    try:
        wire = release.cluster.network.connect(address, 443, 10.0)
        with wire, tls.wrap_socket(wire, server_hostname=name) as secured:
            return ssl.DER_cert_to_PEM_cert(secured.getpeercert(binary_form=True) or b"")
    except OSError:
        return None


def expect_a_hub_behind(release: Release, trusted: str) -> Browser:
    """Log in by https, trusting nothing but `trusted` (PEM); return the browser."""
    cluster = release.cluster
    address = cluster.service_address(release.namespace, "proxy-public")
    browser = Browser(cluster.network, address, ssl.create_default_context(cadata=trusted))
    cluster.wait("the hub answers", lambda: browser.get("/hub/health").status == 200)
    page = browser.log_in("alice", PASSWORD)
    assert (page.status, page.url) == (200, f"https://{HOST}/hub/home")
    # The hub knows that people come by https, whatever ends it before the hub.
    logins = {cookie.name: cookie.secure for cookie in browser.cookies if cookie.name != "_xsrf"}
    assert logins == {"jupyterhub-hub-login": True, "jupyterhub-session-id": True}
    status, headers = head(release, "/hub/login?next=/", None)
    # configurable-http-proxy says the port that https has anyhow, traefik does not.
    location = headers["location"].replace(f"{HOST}:443/", f"{HOST}/")
    assert (status in (301, 302, 308), location) == (True, f"https://{HOST}/hub/login?next=/")
    return browser


def head(release: Release, path: str, tls: ssl.SSLContext | None) -> tuple[int, http.client.HTTPMessage]:
    """Status and headers of an answer, redirects not followed."""
    address = release.cluster.service_address(release.namespace, "proxy-public")
    connection = WireConnection(release.cluster.network, address, 443 if tls else 80, HOST, tls)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers


def test_letsencrypt_gives_traefik_a_certificate(make_release: MakeRelease) -> None:
    need("traefik", "pebble")
    release = make_release()
    cluster, name = release.cluster, "authority"
    release.apply(
        values(
            {"letsencrypt": {"contactEmail": CONTACT, "acmeServer": authority.URL}},
            traefik={
                "extraEnv": {"LEGO_CA_CERTIFICATES": "/authority/certificate.pem"},
                "extraVolumes": [{"name": name, "configMap": {"name": name}}],
                "extraVolumeMounts": [{"name": name, "mountPath": "/authority"}],
            },
        )
    )
    public_address = cluster.service_address(release.namespace, "proxy-public")
    with authority.running(cluster, HOST, public_address) as acme:
        # traefik's pod waits for what it mounts, and so until there is somebody to ask.
        kind = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
        cluster.plane.api.apply({**kind, "data": {"certificate.pem": acme.own_certificate}}, release.namespace)
        pod = cluster.ready_pod(release.namespace, "autohttps")
        trusting = ssl.create_default_context(cadata=acme.root)
        cluster.wait("traefik serves what the authority gave", lambda: handshake(release, trusting))
        expect_a_hub_behind(release, acme.root)
        _, headers = head(release, "/hub/login", trusting)
        assert headers["strict-transport-security"] == "max-age=15724800"
        # Who asks for another name is not given this one's certificate.
        assert handshake(release, unchecked(), "other.example.org") is None
        kept = json.loads(stored_certificates(release, pod))["default"]
        assert kept["Account"]["Registration"]["body"]["contact"] == [f"mailto:{CONTACT}"]
        assert [each["domain"] for each in kept["Certificates"]] == [{"main": HOST}]
        log = cluster.kubelet.log(pod["metadata"]["name"], "traefik")
        assert [line for line in log.splitlines() if " ERR " in line or "level=error" in line] == []


def stored_certificates(release: Release, pod: Json) -> str:
    """The file that the container beside traefik keeps in a Secret, as it names it itself."""
    [keeper] = [each for each in pod["spec"]["containers"] if each["name"] == "secret-sync"]
    path = PurePosixPath(keeper["args"][-1])
    [volume] = [each["name"] for each in keeper["volumeMounts"] if each["mountPath"] == str(path.parent)]
    folder: Path = release.cluster.root / "pods" / pod["metadata"]["uid"] / "volumes" / volume
    return (folder / path.name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def release(make_release: MakeRelease) -> Release:
    """A release that gets one certificate after the other."""
    return make_release()


def test_a_certificate_in_the_values(release: Release) -> None:
    certificate, key = self_signed(datetime.now(timezone.utc), HOST)
    release.apply(values({"type": "manual", "manual": {"key": key, "cert": certificate}}))
    release.cluster.wait("the proxy serves it", lambda: handshake(release, unchecked()) == certificate)
    expect_a_hub_behind(release, certificate)


def test_a_certificate_in_a_secret_of_ones_own(release: Release) -> None:
    certificate, key = self_signed(datetime.now(timezone.utc), HOST)
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "campus-certificate"}}
    files = {"campus.key": key, "campus.crt": certificate}
    release.cluster.plane.api.apply({**secret, "stringData": files}, release.namespace)
    named = {"name": "campus-certificate", "key": "campus.key", "crt": "campus.crt"}
    release.apply(values({"type": "secret", "secret": named}))
    release.cluster.wait("the proxy serves it", lambda: handshake(release, unchecked()) == certificate)
    expect_a_hub_behind(release, certificate)
