"""Owns what Kubernetes' Pod Security Standards refuse in a pod: baseline and restricted, a check each; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from chart_py.finding import Path

Json = Mapping[str, Any]
LEVELS = ("baseline", "restricted")
_CAPABILITIES = frozenset(
    (
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    )
)
_SYSCTLS = frozenset(
    (
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.ping_group_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_wmem",
    )
)
_SELINUX = frozenset(("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"))
_VOLUMES = frozenset(
    (
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
        "image",
    )
)
_PROFILES = ("RuntimeDefault", "Localhost")
_APPARMOR = "container.apparmor.security.beta.kubernetes.io/"


class Refusal(NamedTuple):
    """What a level refuses: the `check` by the name that Kubernetes gives it, the `field`, and what has to be there."""

    check: str
    field: Path
    wanted: str


def refusals(level: str, metadata: Json, spec: Json) -> list[Refusal]:
    """What `level` refuses in a pod, or in a template of pods, each check once with its first field."""
    checks = (*_BASELINE, *_RESTRICTED) if level == "restricted" else _BASELINE
    found: dict[str, Refusal] = {}
    for check in checks:
        for refusal in check(metadata, spec):
            found.setdefault(refusal.check, refusal)
    return list(found.values())


def _containers(spec: Json) -> Iterator[tuple[Path, Json]]:
    for key in ("initContainers", "containers", "ephemeralContainers"):
        for at, container in enumerate(spec.get(key) or []):
            yield ("spec", key, at), container


def _contexts(spec: Json) -> Iterator[tuple[Path, Json]]:
    """The security contexts of the pod and of its containers."""
    yield ("spec", "securityContext"), spec.get("securityContext") or {}
    for field, container in _containers(spec):
        yield (*field, "securityContext"), container.get("securityContext") or {}


def _windows(spec: Json) -> bool:
    return bool((spec.get("os") or {}).get("name") == "windows")


def _host_process(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, context in _contexts(spec):
        if (context.get("windowsOptions") or {}).get("hostProcess"):
            yield Refusal("hostProcess", (*field, "windowsOptions", "hostProcess"), "hostProcess: false")


def _host_namespaces(_: Json, spec: Json) -> Iterator[Refusal]:
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(key):
            yield Refusal("host namespaces", ("spec", key), f"{key}: false")


def _privileged(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, container in _containers(spec):
        if (container.get("securityContext") or {}).get("privileged"):
            yield Refusal("privileged", (*field, "securityContext", "privileged"), "privileged: false")


def _added(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, container in _containers(spec):
        added = ((container.get("securityContext") or {}).get("capabilities") or {}).get("add") or []
        if wrong := [name for name in added if name not in _CAPABILITIES]:
            here = (*field, "securityContext", "capabilities", "add")
            yield Refusal("non-default capabilities", here, f"no capability {', '.join(wrong)}")


def _host_paths(_: Json, spec: Json) -> Iterator[Refusal]:
    for at, volume in enumerate(spec.get("volumes") or []):
        if volume.get("hostPath") is not None:
            yield Refusal("hostPath volumes", ("spec", "volumes", at), "another kind of volume than hostPath")


def _host_ports(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, container in _containers(spec):
        for at, port in enumerate(container.get("ports") or []):
            if port.get("hostPort"):
                yield Refusal("hostPort", (*field, "ports", at), "no hostPort")


def _apparmor(metadata: Json, spec: Json) -> Iterator[Refusal]:
    for key, value in (metadata.get("annotations") or {}).items():
        good = value in ("", "runtime/default") or str(value).startswith("localhost/")
        if key.startswith(_APPARMOR) and not good:
            yield Refusal("forbidden AppArmor profile", ("metadata", "annotations", key), "runtime/default")
    for field, context in _contexts(spec):
        kind = (context.get("appArmorProfile") or {}).get("type")
        if kind and kind not in _PROFILES:
            yield Refusal("forbidden AppArmor profile", (*field, "appArmorProfile"), "type: RuntimeDefault")


def _selinux(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, context in _contexts(spec):
        options = context.get("seLinuxOptions") or {}
        if (options.get("type") or "") not in _SELINUX or options.get("user") or options.get("role"):
            yield Refusal("seLinuxOptions", (*field, "seLinuxOptions"), "type: container_t, without user and role")


def _proc_mount(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, context in _contexts(spec):
        if context.get("procMount") not in (None, "", "Default"):
            yield Refusal("procMount", (*field, "procMount"), "procMount: Default")


def _seccomp(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, context in _contexts(spec):
        kind = (context.get("seccompProfile") or {}).get("type")
        if kind and kind not in _PROFILES:
            yield Refusal("seccompProfile", (*field, "seccompProfile"), "type: RuntimeDefault")


def _sysctls(_: Json, spec: Json) -> Iterator[Refusal]:
    for at, sysctl in enumerate((spec.get("securityContext") or {}).get("sysctls") or []):
        if sysctl.get("name") not in _SYSCTLS:
            field: Path = ("spec", "securityContext", "sysctls", at)
            yield Refusal("forbidden sysctls", field, f"no sysctl {sysctl.get('name')}")


def _volumes(_: Json, spec: Json) -> Iterator[Refusal]:
    for at, volume in enumerate(spec.get("volumes") or []):
        wrong = [key for key, value in volume.items() if key != "name" and value is not None and key not in _VOLUMES]
        if wrong:
            field: Path = ("spec", "volumes", at)
            yield Refusal("restricted volume types", field, f"a claim instead of the volume's {wrong[0]}")


def _escalation(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, container in _containers(spec) if not _windows(spec) else ():
        if (container.get("securityContext") or {}).get("allowPrivilegeEscalation") is not False:
            here = (*field, "securityContext", "allowPrivilegeEscalation")
            yield Refusal("allowPrivilegeEscalation != false", here, "allowPrivilegeEscalation: false")


def _not_root(_: Json, spec: Json) -> Iterator[Refusal]:
    own = (spec.get("securityContext") or {}).get("runAsNonRoot")
    if own is False:
        yield Refusal("runAsNonRoot != true", ("spec", "securityContext", "runAsNonRoot"), "runAsNonRoot: true")
    for field, container in _containers(spec):
        said = (container.get("securityContext") or {}).get("runAsNonRoot")
        if said is False or (said is None and not own):
            here = (*field, "securityContext", "runAsNonRoot")
            yield Refusal("runAsNonRoot != true", here, "runAsNonRoot: true")


def _no_root_user(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, context in _contexts(spec):
        if context.get("runAsUser") == 0:
            yield Refusal("runAsUser=0", (*field, "runAsUser"), "a runAsUser other than 0")


def _has_seccomp(_: Json, spec: Json) -> Iterator[Refusal]:
    if _windows(spec):
        return
    own = ((spec.get("securityContext") or {}).get("seccompProfile") or {}).get("type")
    if own and own not in _PROFILES:
        yield Refusal("seccompProfile", ("spec", "securityContext", "seccompProfile"), "type: RuntimeDefault")
    for field, container in _containers(spec):
        kind = ((container.get("securityContext") or {}).get("seccompProfile") or {}).get("type")
        if (kind or own) not in _PROFILES:
            here = (*field, "securityContext", "seccompProfile")
            yield Refusal("seccompProfile", here, "seccompProfile: {type: RuntimeDefault}")


def _dropped(_: Json, spec: Json) -> Iterator[Refusal]:
    for field, container in _containers(spec) if not _windows(spec) else ():
        given = (container.get("securityContext") or {}).get("capabilities") or {}
        if "ALL" not in (given.get("drop") or []) or set(given.get("add") or []) - {"NET_BIND_SERVICE"}:
            here = (*field, "securityContext", "capabilities")
            yield Refusal("unrestricted capabilities", here, "capabilities: {drop: [ALL]}")


_Check = Callable[[Json, Json], Iterator[Refusal]]
_BASELINE: tuple[_Check, ...] = (
    *(_host_process, _host_namespaces, _privileged, _added, _host_paths, _host_ports),
    *(_apparmor, _selinux, _proc_mount, _seccomp, _sysctls),
)
_RESTRICTED: tuple[_Check, ...] = (_volumes, _escalation, _not_root, _no_root_user, _has_seccomp, _dropped)
