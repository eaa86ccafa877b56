"""Which word has to be written in which format."""

from __future__ import annotations

from chart_py.values import formats
from chart_py.values.formats import Format

_BY_WORD: dict[str, Format] = {
    "annotations": formats.annotation_keys,
    "daemonsetAnnotations": formats.annotation_keys,
    "extraAnnotations": formats.annotation_keys,
    "extraEnv": formats.variables,
    "extraFiles": formats.files,
    "extraLabels": formats.labels,
    "externalIPs": formats.addresses,
    "ipFamilies": formats.families,
    "ipFamilyPolicy": formats.one_of("SingleStack", "PreferDualStack", "RequireDualStack"),
    "labels": formats.labels,
    "loadBalancerIP": formats.address,
    "loadBalancerSourceRanges": formats.networks,
    "nodeSelector": formats.labels,
    "resources": formats.resources,
    "serviceAccountName": formats.name,
    "storageClassName": formats.name,
}
_BY_SECTION: dict[tuple[str, str], Format] = {
    ("Values", "fullnameOverride"): formats.name_part,
    ("Values", "nameOverride"): formats.name_part,
    ("ImagePullSecret", "email"): formats.email,
    ("Hub", "baseUrl"): formats.base_url,
    ("Hub", "cookieSecret"): formats.hexadecimal,
    ("Hub", "existingSecret"): formats.name,
    ("Hub", "extraConfig"): formats.code,
    ("HubServicePorts", "nodePort"): formats.node_port,
    ("Db", "url"): formats.database,
    ("DbPvc", "storage"): formats.quantity,
    ("NodePorts", "http"): formats.node_port,
    ("NodePorts", "https"): formats.node_port,
    ("DeploymentStrategy", "type"): formats.one_of("Recreate", "RollingUpdate"),
    ("Image", "name"): formats.image_name,
    ("Image", "tag"): formats.image_tag,
    ("ServiceAccount", "name"): formats.name,
    ("NetworkPolicy", "allowedIngressPorts"): formats.ports,
    ("Chp", "defaultTarget"): formats.web_address,
    ("Chp", "errorTarget"): formats.web_address,
    ("LetsEncrypt", "contactEmail"): formats.email,
    ("LetsEncrypt", "acmeServer"): formats.web_address,
    ("SecretCertificate", "name"): formats.name,
    ("Https", "hosts"): formats.hosts,
    ("Ingress", "hosts"): formats.wildcard_hosts,
    ("HttpRoute", "hostnames"): formats.wildcard_hosts,
    ("PodPriority", "defaultPriority"): formats.priority,
    ("PodPriority", "imagePullerPriority"): formats.priority,
    ("PodPriority", "userPlaceholderPriority"): formats.priority,
    ("StaticStorage", "pvcName"): formats.name,
    ("DynamicStorage", "storageClass"): formats.name,
    ("Storage", "capacity"): formats.quantity,
    ("Storage", "homeMountPath"): formats.absolute,
    ("Cpu", "limit"): formats.cores,
    ("Cpu", "guarantee"): formats.cores,
    ("Memory", "limit"): formats.memory,
    ("Memory", "guarantee"): formats.memory,
    ("ExtraResource", "limits"): formats.quantities,
    ("ExtraResource", "guarantees"): formats.quantities,
    ("CloudMetadata", "ip"): formats.address,
    ("Singleuser", "defaultUrl"): formats.absolute,
}


def format_of(section: str, word: str) -> Format | None:
    """The format of a word, by the name of its section's model; None where any value of its type will do."""
    return _BY_SECTION.get((section, word)) or _BY_WORD.get(word)
