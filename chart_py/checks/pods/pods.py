"""Pods: mounts without a volume, one path twice, folders of root, addresses, culling, database URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path
from chart_py.values.load import default_tree

_EXTRA = "singleuser: {storage: {extraVolumes: [{name: data, emptyDir: {}}], extraVolumeMounts: "


_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_STORAGE: Path = ("singleuser", "storage")


def _items(value: Any) -> Iterator[tuple[int | str, dict[str, Any]]]:
    """The maps in a list, or in a map of items, each with its step."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in pairs:
        if isinstance(item, dict):
            yield step, item


def _pods(facts: Facts) -> Iterator[tuple[Path, Any, Path, Any]]:
    """Each pod's own volumes and mounts: where the volumes are, they, where the mounts are, they."""
    storage, hub = facts.values.singleuser.storage, facts.values.hub
    yield (*_STORAGE, "extraVolumes"), storage.extraVolumes, (*_STORAGE, "extraVolumeMounts"), storage.extraVolumeMounts
    yield ("hub", "extraVolumes"), hub.extraVolumes, ("hub", "extraVolumeMounts"), hub.extraVolumeMounts
    traefik = facts.values.proxy.traefik
    where: Path = ("proxy", "traefik")
    yield (*where, "extraVolumes"), traefik.extraVolumes, (*where, "extraVolumeMounts"), traefik.extraVolumeMounts


_THEIRS = {
    "singleuser": ("home", "files"),
    "hub": ("config", "secret", "pvc", "files", "existing-secret"),
    "proxy": ("configuration", "acme", "certificates"),
}
"""The volumes that the chart's pods have by themselves."""


def _is_template(text: str) -> bool:
    return "{" in text


@row(
    "mount-without-volume",
    Level.ERROR,
    remedy="Add the volume, or correct the name.",
    example=_EXTRA + "[{name: date, mountPath: /data}]}}",
)
def mount_without_volume(facts: Facts) -> Iterator[Said]:
    """A mount names a volume that the pod does not have: the API server refuses the pod."""
    for _, volumes, path, mounts in _pods(facts):
        known = {str(item.get("name")) for _, item in _items(volumes)}
        for step, mount in _items(mounts):
            name = str(mount.get("name"))
            if name in known or name in _THEIRS[str(path[0])] or _is_template(name) or name.startswith("volume-"):
                continue
            listed = f"volumes there: {', '.join(sorted(known))}" if known else "there are no extraVolumes"
            yield Said(
                (*path, step, "name"), f"no volume is called {name}; the pod is refused", listed.capitalize() + "."
            )


@row(
    "volume-name",
    Level.ERROR,
    remedy="Use lowercase letters, digits and dashes.",
    example="singleuser: {storage: {extraVolumes: [{name: Team_Data, emptyDir: {}}]}}",
)
def volume_names(facts: Facts) -> Iterator[Said]:
    """A volume's name is not valid in Kubernetes, or a mount's path is relative."""
    for path, volumes, mounts_path, mounts in _pods(facts):
        for step, volume in _items(volumes):
            name = volume.get("name")
            if isinstance(name, str) and not _is_template(name) and (not _NAME.fullmatch(name) or len(name) > 63):
                near = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
                message = f"'{name}' is not a valid name of a volume: lowercase letters, digits and dashes"
                yield Said((*path, step, "name"), message, f"Write name: {near}" if near else "")
        for step, mount in _items(mounts):
            target = mount.get("mountPath", mount.get("mount_path"))
            if isinstance(target, str) and target and target[0] not in "/{":
                yield Said((*mounts_path, step, "mountPath"), "expected a path that starts with /", f"Write /{target}")


@row(
    "same-volume",
    Level.ERROR,
    remedy="Choose another name.",
    example="hub: {extraVolumes: [{name: a, emptyDir: {}}, {name: a, emptyDir: {}}]}",
)
def same_name(facts: Facts) -> Iterator[Said]:
    """Two volumes of a pod have one name: the API server refuses the pod."""
    static = facts.values.singleuser.storage.type == "static"
    for path, volumes, _, _ in _pods(facts):
        own = [name for name in _THEIRS[str(path[0])] if name != "home" or static]
        seen = set(own)
        for step, volume in _items(volumes):
            name = str(volume.get("name"))
            if name in seen:
                whose = "the chart's own volume has this name" if name in own else "another volume has this name"
                yield Said(
                    (*path, step, "name"), f"{whose}; the pod is refused", "Choose another name, in its mount too."
                )
            seen.add(name)


@row(
    "one-claim",
    Level.NOTE,
    remedy="Write pvcNameTemplate: claim-{user_server}, or storage that many nodes can mount.",
    example="hub: {allowNamedServers: true}\nsingleuser: {storage: {dynamic: {pvcNameTemplate: 'claim-{username}'}}}",
)
def one_claim(facts: Facts) -> Iterator[Said]:
    """Named servers of one user share one claim, which can be mounted on one node only."""
    storage = facts.values.singleuser.storage
    template = storage.dynamic.pvcNameTemplate or ""
    is_shared = storage.type == "dynamic" and template and "server" not in template
    if facts.values.hub.allowNamedServers and is_shared:
        message = "named servers of a user share one claim: a second server starts only on the same node"
        yield Said((*_STORAGE, "dynamic", "pvcNameTemplate"), message)


@row(
    "path-star",
    Level.WARNING,
    remedy="Use pathType: ImplementationSpecific, or remove pathSuffix.",
    example="ingress: {enabled: true, pathSuffix: '*'}\nproxy: {service: {type: ClusterIP}}",
)
def suffix(facts: Facts) -> Iterator[Said]:
    """A star in an Ingress's path means something only to some controllers, and only with ImplementationSpecific."""
    ingress = facts.values.ingress
    if ingress.enabled and "*" in (ingress.pathSuffix or "") and ingress.pathType != "ImplementationSpecific":
        message = f"with pathType {ingress.pathType}, * stands for itself; no request matches it"
        yield Said(("ingress", "pathSuffix"), message)


@row(
    "cull-off",
    Level.NOTE,
    remedy="Remove it, or write cull.enabled: true",
    example="cull: {enabled: false, timeout: 600}",
)
def idle_settings(facts: Facts) -> Iterator[Said]:
    """Culling is off, but some of its settings are given."""
    if not facts.values.cull.enabled:
        written = [word for word in ("timeout", "every", "maxAge", "users") if facts.written("cull", word)]
        if written:
            yield Said(("cull", written[0]), "no effect: cull.enabled is false")


@row(
    "same-path",
    Level.ERROR,
    remedy="Choose another path.",
    example=_EXTRA + "[{name: data, mountPath: /home/jovyan}]}}",
)
def same_path(facts: Facts) -> Iterator[Said]:
    """Two mounts have the same path: the API server refuses the pod."""
    storage = facts.values.singleuser.storage
    for _, _, path, mounts in _pods(facts):
        seen: dict[str, str] = {}
        if path[0] == "singleuser" and storage.type != "none":
            seen[str(storage.homeMountPath).rstrip("/")] = "the users' home"
        for step, mount in _items(mounts):
            target = str(mount.get("mountPath", mount.get("mount_path", ""))).rstrip("/")
            if not target:
                continue
            if target in seen:
                message = f"{target} is mounted twice: it is the path of {seen[target]} too, and the pod is refused"
                yield Said((*path, step, "mountPath"), message)
            seen.setdefault(target, f"the mount {mount.get('name')}")


@row(
    "volume-source",
    Level.WARNING,
    remedy="Name a source: persistentVolumeClaim, configMap, secret, nfs, or emptyDir.",
    example="hub: {extraVolumes: [{name: data}]}",
)
def sources(facts: Facts) -> Iterator[Said]:
    """A volume has no source: it is an empty folder that is deleted with the pod."""
    given: list[tuple[Path, Any]] = [(path, volumes) for path, volumes, _, _ in _pods(facts)]
    spawner = facts.config.get("KubeSpawner")
    if isinstance(spawner, dict):
        given.append((("hub", "config", "KubeSpawner", "volumes"), spawner.get("volumes")))
    for path, volumes in given:
        for step, volume in _items(volumes):
            if set(volume) == {"name"}:
                message = f"the volume {volume['name']} has no source: it is empty, and goes with the pod"
                yield Said((*path, step), message)


@row(
    "folders-of-root",
    Level.NOTE,
    remedy="Mount it elsewhere and copy it in a lifecycle hook, or create the folder in the image.",
    example="singleuser: {extraFiles: {a: {mountPath: /home/jovyan/.local/share/a.json, stringData: '{}'}}}",
)
def files_below_home(facts: Facts) -> Iterator[Said]:
    """A file is mounted into folders of the home that do not exist yet: root will own them."""
    user = facts.values.singleuser
    home = str(user.storage.homeMountPath or "/home/jovyan").rstrip("/")
    for name, file in user.extraFiles.items():
        target = str(file.get("mountPath", "")) if isinstance(file, dict) else ""
        inner = target.removeprefix(home + "/")
        if inner != target and "/" in inner and "{" not in home:
            folder = f"{home}/{inner.partition('/')[0]}"
            message = (
                f"folders that are missing on the way, such as {folder}, are created by root; users cannot write there"
            )
            yield Said(("singleuser", "extraFiles", name, "mountPath"), message)


@row(
    "privileged-init",
    Level.NOTE,
    remedy="To have none, write singleuser.cloudMetadata.blockWithIptables: false",
    example="singleuser: {allowPrivilegeEscalation: false}",
)
def privileged(facts: Facts) -> Iterator[Said]:
    """Servers may not gain privileges, but each has a privileged init container."""
    user = facts.values.singleuser
    forbidden = facts.written("singleuser", "allowPrivilegeEscalation") and not user.allowPrivilegeEscalation
    if forbidden and user.cloudMetadata.blockWithIptables:
        message = "each server still has a privileged init container, which blocks the metadata server with iptables"
        yield Said(("singleuser", "allowPrivilegeEscalation"), message)


@row(
    "ipv6-only",
    Level.WARNING,
    remedy='Add hub.config.KubeSpawner.ip: "::"',
    example="hub: {service: {ipFamilies: [IPv6]}}",
)
def families(facts: Facts) -> Iterator[Said]:
    """The hub is reached by IPv6 alone, but users' servers listen on IPv4."""
    spawner = facts.config.get("KubeSpawner")
    told = isinstance(spawner, dict) and "ip" in spawner
    if facts.values.hub.service.ipFamilies == ["IPv6"] and not told and not facts.in_python("Spawner.ip"):
        path: Path = ("hub", "service", "ipFamilies")
        yield Said(path, "an IPv6-only hub does not reach users' servers: these listen on IPv4 (0.0.0.0)")


@row(
    "cull-by-age",
    Level.NOTE,
    remedy="Raise maxAge, or lower timeout.",
    example="cull: {timeout: 3600, maxAge: 3600}",
)
def never_idle(facts: Facts) -> Iterator[Said]:
    """Servers are stopped by age before they can be idle for long enough."""
    cull = facts.values.cull
    if cull.enabled and cull.maxAge and cull.timeout and cull.maxAge <= cull.timeout:
        message = f"maxAge stops every server after {cull.maxAge} s, busy or not; timeout never decides"
        yield Said(("cull", "maxAge"), message)


@row(
    "unused-storage",
    Level.NOTE,
    remedy="Remove it.",
    example="singleuser: {storage: {type: none, capacity: 5Gi}}",
)
def unused_storage(facts: Facts) -> Iterator[Said]:
    """Settings of another type of storage have no effect."""
    storage = facts.values.singleuser.storage
    others = {"static": ("dynamic", "capacity"), "dynamic": ("static",), "none": ("dynamic", "static", "capacity")}
    written = [word for word in others.get(storage.type, ()) if facts.written(*_STORAGE, word)]
    if written and facts.written(*_STORAGE, "type"):
        message = f"no effect: singleuser.storage.type is {storage.type}"
        for word in written:
            if _has_values(facts.at((*_STORAGE, word)), facts, (*_STORAGE, word)):
                yield Said((*_STORAGE, word), message)


def _has_values(section: Any, facts: Facts, path: Path) -> bool:
    """Whether a user has written anything but null and the default at or below a path."""
    for layer in facts.loaded.sources.layers:
        here: Any = layer.tree
        for step in path:
            here = here.get(step) if isinstance(here, dict) else None
        default = default_tree(path) or {}
        if isinstance(here, dict) and any(
            value not in (None, "", {}, []) and value != default.get(key) for key, value in here.items()
        ):
            return True
        if here not in (None, "") and not isinstance(here, dict) and here != default:
            return True
    return False


@row(
    "exact-path",
    Level.NOTE,
    remedy="Use pathType: Prefix.",
    example="ingress: {enabled: true, pathType: Exact}\nproxy: {service: {type: ClusterIP}}",
)
def exact_path(facts: Facts) -> Iterator[Said]:
    """An Ingress of type Exact leads only one address to the hub."""
    ingress = facts.values.ingress
    if ingress.enabled and ingress.pathType == "Exact":
        base = facts.values.hub.baseUrl
        message = f"only the address {base} itself leads to the hub, and nothing below it"
        if base.rstrip("/"):
            message += f"; neither does {base.rstrip('/')} without its slash" if base.endswith("/") else ""
        yield Said(("ingress", "pathType"), message)


@row(
    "database-password",
    Level.WARNING,
    remedy="Percent-encode them (@ is %40, / is %2F), or remove the password from the URL and write hub.db.password.",
    example="hub: {db: {type: postgres, url: 'postgresql://hub:a@b@db.example.org/hub'}}",
)
def encoded(facts: Facts) -> Iterator[Said]:
    """A password in the database's URL has characters that end it."""
    url = facts.values.hub.db.url
    if not isinstance(url, str) or "://" not in url or url.startswith("sqlite"):
        return
    rest = url.partition("://")[2]
    if "@" not in rest:
        return
    login = rest.rpartition("@")[0]
    password = login.partition(":")[2]
    if bad := sorted({*re.findall(r"[\[\]@/#? :]", password)}):
        shown = " ".join(bad)
        message = f"the password has characters that must be percent-encoded in a URL: {shown}"
        yield Said(("hub", "db", "url"), message)


@row(
    "mysql-password",
    Level.WARNING,
    remedy="Write the password into hub.db.url, or use mysql+mysqldb.",
    example="hub: {db: {type: mysql, url: 'mysql+pymysql://hub@db.example.org/hub', password: one}}",
)
def pymysql(facts: Facts) -> Iterator[Said]:
    """PyMySQL does not read the password from where the hub puts it."""
    db = facts.values.hub.db
    if db.password and isinstance(db.url, str) and db.url.startswith("mysql+pymysql:"):
        message = "PyMySQL does not read this password (MYSQL_PWD); the hub cannot connect"
        yield Said(("hub", "db", "password"), message)


_IMAGES: tuple[Path, ...] = (
    ("hub", "image"),
    ("singleuser", "image"),
    ("singleuser", "networkTools", "image"),
    ("prePuller", "hook", "image"),
    ("proxy", "secretSync", "image"),
)


@row(
    "image-of-another-chart",
    Level.WARNING,
    remedy="Remove it, to have the image of this version.",
    example="hub: {image: {name: quay.io/jupyterhub/k8s-hub, tag: 3.3.8}}",
)
def other_release(facts: Facts) -> Iterator[Said]:
    """One of the chart's own images is from another chart version: hub and spawner do not fit the objects."""
    for path in _IMAGES:
        image = facts.at(path)
        default = default_tree(path, facts.loaded.edition.version) or {}
        name, tag = getattr(image, "name", None), getattr(image, "tag", None)
        is_ours = re.fullmatch(r"(?:quay\.io/|docker\.io/)?jupyterhub/k8s-[\w-]+", str(name or ""))
        is_version = re.match(r"v?\d+\.\d+", str(tag or ""))
        if is_ours and is_version and tag != default.get("tag") and facts.written(*path, "tag"):
            message = f"this is the chart's own image of another version; it fits chart {tag}, not this one"
            yield Said((*path, "tag"), message, f"Remove it, to have {default.get('tag')}.")


RULES = rules_of(globals())
