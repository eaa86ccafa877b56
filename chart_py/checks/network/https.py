"""Contradictions about how users reach the hub: https, certificates, the public Service, Ingress."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level
from chart_py.pattern import Pattern

_HTTPS = ("proxy", "https")
_NOT_PUBLIC = Pattern(
    r"(?i)[^.]+|.*\.(local|localhost|internal|intranet|lan|home|corp|svc|test|invalid)|[\d.]+|.*\.cluster\.local"
)


def _letsencrypt(facts: Facts) -> bool:
    https = facts.values.proxy.https
    return bool(https.enabled) and https.type == "letsencrypt"


@row(
    "letsencrypt-hosts",
    Level.WARNING,
    remedy="Add the host names that users type: hosts: [hub.example.org]",
    example="proxy: {https: {enabled: true, letsencrypt: {contactEmail: ops@example.org}}}",
)
def without_hosts(facts: Facts) -> Iterator[Said]:
    """Let's Encrypt has no host names to request a certificate for."""
    # The guide's defaults have https on; that is no decision, as long as nobody says more.
    if _letsencrypt(facts) and not facts.values.proxy.https.hosts and facts.written(*_HTTPS):
        yield Said(_HTTPS, "letsencrypt needs hosts to request certificates for; without them there is no https")


@row(
    "letsencrypt-email",
    Level.WARNING,
    remedy="Add an address: letsencrypt: {contactEmail: ops@example.org}",
    example="proxy: {https: {enabled: true, hosts: [hub.example.org]}}",
)
def without_email(facts: Facts) -> Iterator[Said]:
    """Let's Encrypt has no address to write to."""
    https = facts.values.proxy.https
    if _letsencrypt(facts) and https.hosts and not https.letsencrypt.contactEmail:
        yield Said((*_HTTPS, "letsencrypt"), "letsencrypt has no contactEmail, so nobody is told of problems")


@row(
    "letsencrypt-ingress",
    Level.WARNING,
    remedy="Give the certificate to the Ingress (ingress.tls) and remove proxy.https.",
    example=(
        "ingress: {enabled: true, hosts: [hub.example.org]}\nproxy:\n  service: {type: ClusterIP}\n"
        "  https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: ops@example.org}}"
    ),
)
def with_ingress(facts: Facts) -> Iterator[Said]:
    """Both an Ingress and Let's Encrypt terminate TLS."""
    if _letsencrypt(facts) and facts.values.proxy.https.hosts and facts.values.ingress.enabled:
        message = "both the Ingress and letsencrypt terminate TLS; the Ingress is first, so letsencrypt never answers"
        yield Said(_HTTPS, message)


@row(
    "letsencrypt-host-not-public",
    Level.WARNING,
    remedy="Use a public name, or your own certificate: type: manual or type: secret",
    example="proxy: {https: {enabled: true, hosts: [hub.cluster.local], letsencrypt: {contactEmail: ops@example.org}}}",
)
def not_public(facts: Facts) -> Iterator[Said]:
    """Let's Encrypt cannot reach this host name."""
    if _letsencrypt(facts):
        for index, host in enumerate(facts.values.proxy.https.hosts):
            if _NOT_PUBLIC.fullmatch(str(host)):
                yield Said((*_HTTPS, "hosts", index), f"Let's Encrypt cannot reach {host} from outside")


@row(
    "https-not-enabled",
    Level.WARNING,
    remedy="Add proxy.https.enabled: true",
    example="proxy: {https: {hosts: [hub.example.org]}}",
)
def forgotten(facts: Facts) -> Iterator[Said]:
    """https is configured, but not enabled."""
    if facts.values.proxy.https.enabled or facts.written(*_HTTPS, "enabled"):
        return
    for word in ("type", "hosts", "letsencrypt", "manual", "secret"):
        if facts.written(*_HTTPS, word):
            yield Said((*_HTTPS, word), "https is not enabled, so this has no effect")
            return


@row(
    "https-without-certificate",
    Level.ERROR,
    remedy="Add manual: {key: ..., cert: ...}, both PEM.",
    example="proxy: {https: {enabled: true, type: manual, hosts: [hub.example.org]}}",
)
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


@row(
    "offload-ports",
    Level.WARNING,
    remedy="Add the annotation service.beta.kubernetes.io/aws-load-balancer-ssl-ports: https",
    example=(
        "proxy:\n  https: {enabled: true, type: offload}\n  service:\n    annotations:\n"
        "      service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn:aws:acm:us-east-1:123456789012:certificate/a"
    ),
)
def offload_ports(facts: Facts) -> Iterator[Said]:
    """An AWS load balancer that is not told which port is https terminates TLS on the http port too."""
    service = facts.values.proxy.service
    aws = "service.beta.kubernetes.io/aws-load-balancer-ssl-"
    offload = facts.values.proxy.https.enabled and facts.values.proxy.https.type == "offload"
    if offload and aws + "cert" in service.annotations and aws + "ports" not in service.annotations:
        path = ("proxy", "service", "annotations", aws + "cert")
        yield Said(path, "the load balancer is not told which port is https")


@row(
    "service-without-port",
    Level.ERROR,
    remedy="Remove disableHttpPort, or enable proxy.https.",
    example="proxy: {service: {disableHttpPort: true}}",
)
def without_port(facts: Facts) -> Iterator[Said]:
    """The public Service has no port."""
    if facts.values.proxy.service.disableHttpPort and not facts.values.proxy.https.enabled:
        path = ("proxy", "service", "disableHttpPort")
        yield Said(path, "without http and https the public Service has no port; Kubernetes rejects it")


@row(
    "public-twice",
    Level.NOTE,
    remedy="proxy: {service: {type: ClusterIP}} leaves one way in.",
    example="ingress: {enabled: true, hosts: [hub.example.org]}",
)
def public_twice(facts: Facts) -> Iterator[Said]:
    """A second way in exists beside an Ingress or HTTPRoute."""
    service = facts.values.proxy.service
    for word, route in (("ingress", facts.values.ingress), ("httpRoute", facts.values.httpRoute)):
        if route.enabled and service.type == "LoadBalancer" and not service.annotations:
            message = "the proxy's Service is another load balancer beside it"
            yield Said((word, "enabled"), message, "proxy: {service: {type: ClusterIP}} leaves one way in.")


RULES = rules_of(globals())
