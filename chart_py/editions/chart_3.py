"""The named changes of the charts 3.0.0 to 3.3.8."""

from __future__ import annotations

from chart_py.editions.change import ABSENT, Change, Setting, Severity
from chart_py.editions.chart_2 import POLICIES

CHANGES: tuple[Change, ...] = (
    Change(
        "condition",
        "3.0.0",
        Severity.QUIET,
        "`enabled` at the top is free for a chart that has this one as a dependency.",
        "Helm reads the condition of a dependency from its values, and the schema refused it.",
        settings=(Setting("enabled"),),
    ),
    Change(
        "dns-egress-rules",
        "3.0.0",
        Severity.ADMINS,
        "Two rules of egressAllowRules let pods reach DNS in kube-system and at the metadata server's address.",
        "Where cluster DNS has no private address, as on GKE and with NodeLocal DNSCache, pods found no names.",
        noticed="Pods whose networkPolicy was closed by hand may do DNS again.",
        settings=tuple(
            Setting(f"{policy}.networkPolicy.egressAllowRules.{rule}", ABSENT, True, False)
            for policy in POLICIES
            for rule in ("dnsPortsCloudMetadataServer", "dnsPortsKubeSystemNamespace")
        ),
        objects=("NetworkPolicy/hub", "NetworkPolicy/proxy", "NetworkPolicy/autohttps", "NetworkPolicy/singleuser"),
    ),
    Change(
        "registry-k8s-io",
        "3.0.0",
        Severity.ADMINS,
        "kube-scheduler and pause are pulled from registry.k8s.io instead of k8s.gcr.io.",
        "k8s.gcr.io is frozen.",
        before="Allow registry.k8s.io where registries are mirrored or restricted.",
        objects=("Deployment/user-scheduler", "StatefulSet/user-placeholder", "DaemonSet/hook-image-puller"),
    ),
    Change(
        "images-from-quay",
        "3.2.0",
        Severity.ADMINS,
        "The chart's own images are pulled from quay.io instead of Docker Hub.",
        "Docker Hub limits how often images are pulled.",
        before="Allow quay.io where registries are mirrored or restricted.",
        objects=("Deployment/hub", "Deployment/proxy", "Job/hook-image-awaiter", "DaemonSet/hook-image-puller"),
    ),
)
