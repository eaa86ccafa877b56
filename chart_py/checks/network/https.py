"""Contradictions about how users reach the hub: https, certificates, the public Service, Ingress."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.checks.rule import Facts, Rule, Said
from chart_py.finding import Level
from chart_py.pattern import Pattern

_HTTPS = ("proxy", "https")
_NOT_PUBLIC = Pattern(
    r"(?i)[^.]+|.*\.(local|localhost|internal|intranet|lan|home|corp|svc|test|invalid)|[\d.]+|.*\.cluster\.local"
)


def _letsencrypt(facts: Facts) -> bool:
    https = facts.values.proxy.https
    return bool(https.enabled) and https.type == "letsencrypt"


def without_hosts(facts: Facts) -> Iterator[Said]:
    """Let's Encrypt has no host names to request a certificate for."""
    # The guide's defaults have https on; that is no decision, as long as nobody says more.
    if _letsencrypt(facts) and not facts.values.proxy.https.hosts and facts.written(*_HTTPS):
        yield Said(_HTTPS, "letsencrypt needs hosts to request certificates for; without them there is no https")


def without_email(facts: Facts) -> Iterator[Said]:
    """Let's Encrypt has no address to write to."""
    https = facts.values.proxy.https
    if _letsencrypt(facts) and https.hosts and not https.letsencrypt.contactEmail:
        yield Said((*_HTTPS, "letsencrypt"), "letsencrypt has no contactEmail, so nobody is told of problems")


def with_ingress(facts: Facts) -> Iterator[Said]:
    """Both an Ingress and Let's Encrypt terminate TLS."""
    if _letsencrypt(facts) and facts.values.proxy.https.hosts and facts.values.ingress.enabled:
        message = "both the Ingress and letsencrypt terminate TLS; the Ingress is first, so letsencrypt never answers"
        yield Said(_HTTPS, message)


def not_public(facts: Facts) -> Iterator[Said]:
    """Let's Encrypt cannot reach this host name."""
    if _letsencrypt(facts):
        for index, host in enumerate(facts.values.proxy.https.hosts):
            if _NOT_PUBLIC.fullmatch(str(host)):
                yield Said((*_HTTPS, "hosts", index), f"Let's Encrypt cannot reach {host} from outside")


def forgotten(facts: Facts) -> Iterator[Said]:
    """https is configured, but not enabled."""
    if facts.values.proxy.https.enabled or facts.written(*_HTTPS, "enabled"):
        return
    for word in ("type", "hosts", "letsencrypt", "manual", "secret"):
        if facts.written(*_HTTPS, word):
            yield Said((*_HTTPS, word), "https is not enabled, so this has no effect")
            return


def without_certificate(facts: Facts) -> Iterator[Said]:
    """Your own certificate is missing."""
    https = facts.values.proxy.https
    if not https.enabled:
        return
    if https.type == "manual":
        for word in ("key", "cert"):
            if not getattr(https.manual, word):
                yield Said((*_HTTPS, "manual"), f"https of type manual has no {word}")
    elif https.type == "secret" and not https.secret.name:
        yield Said((*_HTTPS, "secret"), "https of type secret does not name the Secret", "secret: {name: example-tls}")


def offload_ports(facts: Facts) -> Iterator[Said]:
    """An AWS load balancer that is not told which port is https terminates TLS on the http port too."""
    service = facts.values.proxy.service
    aws = "service.beta.kubernetes.io/aws-load-balancer-ssl-"
    offload = facts.values.proxy.https.enabled and facts.values.proxy.https.type == "offload"
    if offload and aws + "cert" in service.annotations and aws + "ports" not in service.annotations:
        path = ("proxy", "service", "annotations", aws + "cert")
        yield Said(path, "the load balancer is not told which port is https")


def without_port(facts: Facts) -> Iterator[Said]:
    """The public Service has no port."""
    if facts.values.proxy.service.disableHttpPort and not facts.values.proxy.https.enabled:
        path = ("proxy", "service", "disableHttpPort")
        yield Said(path, "without http and https the public Service has no port; Kubernetes rejects it")


def public_twice(facts: Facts) -> Iterator[Said]:
    """A second way in exists beside an Ingress or HTTPRoute."""
    service = facts.values.proxy.service
    for word, route in (("ingress", facts.values.ingress), ("httpRoute", facts.values.httpRoute)):
        if route.enabled and service.type == "LoadBalancer" and not service.annotations:
            message = "the proxy's Service is another load balancer beside it"
            yield Said((word, "enabled"), message, "proxy: {service: {type: ClusterIP}} leaves one way in.")


RULES: tuple[Rule, ...] = (
    Rule(
        "letsencrypt-hosts",
        Level.WARNING,
        without_hosts,
        "Add the host names that users type: hosts: [hub.example.org]",
        "proxy: {https: {enabled: true, letsencrypt: {contactEmail: ops@example.org}}}",
    ),
    Rule(
        "letsencrypt-email",
        Level.WARNING,
        without_email,
        "Add an address: letsencrypt: {contactEmail: ops@example.org}",
        "proxy: {https: {enabled: true, hosts: [hub.example.org]}}",
    ),
    Rule(
        "letsencrypt-ingress",
        Level.WARNING,
        with_ingress,
        "Give the certificate to the Ingress (ingress.tls) and remove proxy.https.",
        "ingress: {enabled: true, hosts: [hub.example.org]}\nproxy:\n  service: {type: ClusterIP}\n"
        "  https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: ops@example.org}}",
    ),
    Rule(
        "letsencrypt-host-not-public",
        Level.WARNING,
        not_public,
        "Use a public name, or your own certificate: type: manual or type: secret",
        "proxy: {https: {enabled: true, hosts: [hub.cluster.local], letsencrypt: {contactEmail: ops@example.org}}}",
    ),
    Rule(
        "https-not-enabled",
        Level.WARNING,
        forgotten,
        "Add proxy.https.enabled: true",
        "proxy: {https: {hosts: [hub.example.org]}}",
    ),
    Rule(
        "https-without-certificate",
        Level.ERROR,
        without_certificate,
        "Add manual: {key: ..., cert: ...}, both PEM.",
        "proxy: {https: {enabled: true, type: manual, hosts: [hub.example.org]}}",
    ),
    Rule(
        "offload-ports",
        Level.WARNING,
        offload_ports,
        "Add the annotation service.beta.kubernetes.io/aws-load-balancer-ssl-ports: https",
        "proxy:\n  https: {enabled: true, type: offload}\n  service:\n    annotations:\n"
        "      service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn:aws:acm:us-east-1:123456789012:certificate/a",
    ),
    Rule(
        "service-without-port",
        Level.ERROR,
        without_port,
        "Remove disableHttpPort, or enable proxy.https.",
        "proxy: {service: {disableHttpPort: true}}",
    ),
    Rule(
        "public-twice",
        Level.NOTE,
        public_twice,
        "proxy: {service: {type: ClusterIP}} leaves one way in.",
        "ingress: {enabled: true, hosts: [hub.example.org]}",
    ),
)
