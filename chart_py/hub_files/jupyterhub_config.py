"""JupyterHub's configuration: the values of this release, said in the words of JupyterHub and KubeSpawner.

The hub reads this file when it starts. What is set later goes over what was set before:

    1. what follows from the values: hub, singleuser, scheduling, cull, imagePullSecrets, debug
    2. the secrets that the release made or was given
    3. hub.config, section by section
    4. the files in jupyterhub_config.d/, in the order of their names; before 2 in charts before 2.0.0
    5. hub.extraConfig, in the order of its keys

It serves the hub's images of all charts from 1.0.0 on, JupyterHub 1.4 and KubeSpawner 1.0 too: where a chart did
something else than the newest, `since` asks for the chart that this release is one of.

The files of 4 and the parts of 5 run with the names of this file, so they may use `c`, everything imported here, and
each other's functions.
"""

import linecache
import os
import re
import sys
from typing import Any

from jupyterhub.utils import url_path_join
from tornado.httpclient import AsyncHTTPClient

try:
    from kubernetes_asyncio import client
except ImportError:  # KubeSpawner 1, of the charts before 2.0.0
    from kubernetes import client

HERE = os.path.dirname(os.path.abspath(__file__))  # /usr/local/etc/jupyterhub
sys.path.insert(0, HERE)  # so that z2jh, which is mounted beside this file, can be imported

from z2jh import (  # noqa: E402
    code_files,
    code_parts,
    common_labels,
    entries,
    get_config,
    get_name,
    get_name_env,
    get_secret_value,
    set_config_if_not_none,
    since,
    stop,
)

c: Any  # JupyterHub itself puts it here
# --- The hub itself ---------------------------------------------------------------------------------------------------

# Tornado's client in C: the one in Python is too slow for a hub that asks its proxy about many users.
AsyncHTTPClient.configure("tornado.curl_httpclient.CurlAsyncHTTPClient")

c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"

# The proxy runs in a pod of its own. Its token comes in the variable CONFIGPROXY_AUTH_TOKEN.
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://{get_name('proxy-api')}:{get_name_env('proxy-api', '_SERVICE_PORT')}"

# Where the hub listens in its container, and where proxy, services and users' servers reach it.
c.JupyterHub.hub_bind_url = "http://:8081"
c.JupyterHub.hub_connect_url = f"http://{get_name('hub')}:{get_name_env('hub', '_SERVICE_PORT')}"

# Users' servers outlive the hub: a hub that stops or starts again leaves them alone.
c.JupyterHub.cleanup_servers = False
# Seconds between two looks at who was active when, and at the proxy's routes.
c.JupyterHub.last_activity_interval = 60
# Somebody who starts a server sees the progress page at once.
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}

for trait, path in {
    "concurrent_spawn_limit": "hub.concurrentSpawnLimit",
    "active_server_limit": "hub.activeServerLimit",
    "base_url": "hub.baseUrl",
    "allow_named_servers": "hub.allowNamedServers",
    "named_server_limit_per_user": "hub.namedServerLimitPerUser",
    "authenticate_prometheus": "hub.authenticatePrometheus",
    "redirect_to_server": "hub.redirectToServer",
    "shutdown_on_logout": "hub.shutdownOnLogout",
    "template_paths": "hub.templatePaths",
    "template_vars": "hub.templateVars",
}.items():
    set_config_if_not_none(c.JupyterHub, trait, path)


# --- Its database -----------------------------------------------------------------------------------------------------

db_type = get_config("hub.db.type")
if db_type == "sqlite-pvc":
    c.JupyterHub.db_url = "sqlite:///jupyterhub.sqlite"  # in the folder the hub runs in, which is the volume
elif db_type == "sqlite-memory":
    c.JupyterHub.db_url = "sqlite://"
else:
    set_config_if_not_none(c.JupyterHub, "db_url", "hub.db.url")

# The password stays out of the URL, so it shows in no log: the database's client library finds it in a variable.
db_password = get_secret_value("hub.db.password", None)
db_password_variable = {"postgres": "PGPASSWORD", "mysql": "MYSQL_PWD"}.get(db_type)
if db_password and db_password_variable:
    os.environ[db_password_variable] = db_password
    if "+pymysql:" in (get_config("hub.db.url") or ""):
        print("PyMySQL does not read MYSQL_PWD, where hub.db.password goes: write the password into hub.db.url.")
elif db_password:
    print(f"hub.db.password is not used where hub.db.type is {db_type}.")


# --- Users' servers ---------------------------------------------------------------------------------------------------

c.KubeSpawner.namespace = os.environ.get("POD_NAMESPACE", "default")

for trait, path in {
    "pod_name_template": "singleuser.podNameTemplate",
    "start_timeout": "singleuser.startTimeout",
    "image_pull_policy": "singleuser.image.pullPolicy",
    "events_enabled": "singleuser.events",
    "extra_labels": "singleuser.extraLabels",
    "extra_annotations": "singleuser.extraAnnotations",
    "uid": "singleuser.uid",
    "fs_gid": "singleuser.fsGid",
    "service_account": "singleuser.serviceAccountName",
    "node_selector": "singleuser.nodeSelector",
    "node_affinity_required": "singleuser.extraNodeAffinity.required",
    "node_affinity_preferred": "singleuser.extraNodeAffinity.preferred",
    "pod_affinity_required": "singleuser.extraPodAffinity.required",
    "pod_affinity_preferred": "singleuser.extraPodAffinity.preferred",
    "pod_anti_affinity_required": "singleuser.extraPodAntiAffinity.required",
    "pod_anti_affinity_preferred": "singleuser.extraPodAntiAffinity.preferred",
    "lifecycle_hooks": "singleuser.lifecycleHooks",
    "init_containers": "singleuser.initContainers",
    "extra_containers": "singleuser.extraContainers",
    "mem_limit": "singleuser.memory.limit",
    "mem_guarantee": "singleuser.memory.guarantee",
    "cpu_limit": "singleuser.cpu.limit",
    "cpu_guarantee": "singleuser.cpu.guarantee",
    "extra_resource_limits": "singleuser.extraResource.limits",
    "extra_resource_guarantees": "singleuser.extraResource.guarantees",
    "environment": "singleuser.extraEnv",
    "profile_list": "singleuser.profileList",
    "extra_pod_config": "singleuser.extraPodConfig",
    "storage_extra_labels": "singleuser.storage.extraLabels",
}.items():
    set_config_if_not_none(c.KubeSpawner, trait, path)

set_config_if_not_none(c.Spawner, "consecutive_failure_limit", "hub.consecutiveFailureLimit")
set_config_if_not_none(c.Spawner, "default_url", "singleuser.defaultUrl")

# For these two null says something of its own, so they are set to null as well: leave the command to the
# image, and leave allowPrivilegeEscalation out of the pod where KubeSpawner would say false.
if "cmd" in (get_config("singleuser") or {}):
    c.Spawner.cmd = get_config("singleuser.cmd")
if since("2.0.0"):  # KubeSpawner 1 does not know it
    c.KubeSpawner.allow_privilege_escalation = get_config("singleuser.allowPrivilegeEscalation")

# A list of variables, each as a container has them, says the same as a map.
if isinstance(get_config("singleuser.extraEnv"), list):
    c.KubeSpawner.environment = {
        variable["name"]: variable if "valueFrom" in variable else variable.get("value", "")
        for variable in get_config("singleuser.extraEnv")
    }

image = get_config("singleuser.image.name")
image_tag = get_config("singleuser.image.tag")
if image:
    c.KubeSpawner.image = f"{image}:{image_tag}" if image_tag else image

# Names of pull secrets: the one that the release makes, those for all pods, those for users' pods.
image_pull_secrets = []
if get_config("imagePullSecret.create") and get_config("imagePullSecret.automaticReferenceInjection"):
    image_pull_secrets.append(get_name("image-pull-secret"))
image_pull_secrets += get_config("imagePullSecrets") or []
image_pull_secrets += get_config("singleuser.image.pullSecrets") or []
if image_pull_secrets:
    c.KubeSpawner.image_pull_secrets = image_pull_secrets

c.KubeSpawner.common_labels = common_labels()


# --- On which nodes they run ------------------------------------------------------------------------------------------

if get_config("scheduling.userScheduler.enabled"):
    c.KubeSpawner.scheduler_name = get_name("user-scheduler")
if get_config("scheduling.podPriority.enabled"):
    c.KubeSpawner.priority_class_name = get_name("priority")

tolerations = (get_config("scheduling.userPods.tolerations") or []) + (get_config("singleuser.extraTolerations") or [])
if tolerations:
    c.KubeSpawner.tolerations = tolerations

user_nodes = {"matchExpressions": [{"key": "hub.jupyter.org/node-purpose", "operator": "In", "values": ["user"]}]}
match_node_purpose = get_config("scheduling.userPods.nodeAffinity.matchNodePurpose") or "ignore"
if match_node_purpose == "prefer":
    c.KubeSpawner.node_affinity_preferred = [
        *(get_config("singleuser.extraNodeAffinity.preferred") or []),
        {"weight": 100, "preference": user_nodes},
    ]
elif match_node_purpose == "require":
    c.KubeSpawner.node_affinity_required = [
        *(get_config("singleuser.extraNodeAffinity.required") or []),
        user_nodes,
    ]
elif match_node_purpose != "ignore":
    stop(
        f"scheduling.userPods.nodeAffinity.matchNodePurpose is {match_node_purpose}, "
        "but can only be ignore, prefer or require."
    )


# --- Their volumes ----------------------------------------------------------------------------------------------------

USER_SERVER = "{user_server}" if since("4.0.0") else "{username}{servername}"
# KubeSpawner 7 has a better one of its own.
CLAIM = get_config("singleuser.storage.dynamic.pvcNameTemplate") or ("" if since("4.0.0") else f"claim-{USER_SERVER}")


def home_volume() -> "tuple[dict[str, Any], dict[str, Any]]":
    """Volume and mount of a user's home, each by its key: from a claim per server, from one claim for all, or none."""
    storage_type = get_config("singleuser.storage.type")
    if storage_type == "dynamic":
        key = get_config("singleuser.storage.dynamic.volumeNameTemplate") or f"volume-{USER_SERVER}"
        # KubeSpawner 7 fills in the name of the claim that it makes.
        claim = "{pvc_name}" if since("4.0.0") else CLAIM
        sub_path = get_config("singleuser.storage.dynamic.subPath")
    elif storage_type == "static":
        key = "home"
        claim = get_config("singleuser.storage.static.pvcName")
        sub_path = get_config("singleuser.storage.static.subPath")
    else:
        return {}, {}
    mount = {"name": key, "mountPath": get_config("singleuser.storage.homeMountPath")}
    if sub_path is not None:
        mount["subPath"] = sub_path
    return {key: {"name": key, "persistentVolumeClaim": {"claimName": claim}}}, {key: mount}


def files_volume() -> "tuple[dict[str, Any], dict[str, Any]]":
    """Volume and mounts of singleuser.extraFiles. A Secret holds the files, each under its key there."""
    files = entries("singleuser.extraFiles")
    if not files:
        return {}, {}
    items, mounts = [], {}
    for number, (key, file) in enumerate(files):
        item = {"key": key, "path": key}
        if file.get("mode") is not None:
            item["mode"] = file["mode"]
        items.append(item)
        mounts[f"{number}-files"] = {"name": "files", "mountPath": file["mountPath"], "subPath": key}
    return {"files": {"name": "files", "secret": {"secretName": get_name("singleuser"), "items": items}}}, mounts


def extra_volumes() -> "list[dict[str, Any]]":
    """Volumes and mounts of singleuser.storage.extraVolumes and extraVolumeMounts, which are maps or lists.

    A volume of a list goes by its name. A mount goes by its place and name, as a volume may be mounted twice.
    """
    volumes = get_config("singleuser.storage.extraVolumes") or {}
    if isinstance(volumes, list):
        volumes = {volume["name"]: volume for volume in volumes}
    mounts = get_config("singleuser.storage.extraVolumeMounts") or {}
    if isinstance(mounts, list):
        mounts = {f"{number}-{mount['name']}": mount for number, mount in enumerate(mounts)}
    return [{key: value for key, value in found.items() if value is not None} for found in (volumes, mounts)]


if get_config("singleuser.storage.type") == "dynamic":
    c.KubeSpawner.storage_pvc_ensure = True
    if CLAIM:
        c.KubeSpawner.pvc_name_template = CLAIM
    set_config_if_not_none(c.KubeSpawner, "storage_class", "singleuser.storage.dynamic.storageClass")
    set_config_if_not_none(c.KubeSpawner, "storage_access_modes", "singleuser.storage.dynamic.storageAccessModes")
    set_config_if_not_none(c.KubeSpawner, "storage_capacity", "singleuser.storage.capacity")

c.KubeSpawner.volumes = {}
c.KubeSpawner.volume_mounts = {}
for volumes, volume_mounts in (home_volume(), files_volume(), extra_volumes()):
    c.KubeSpawner.volumes.update(volumes)
    c.KubeSpawner.volume_mounts.update(volume_mounts)
if not since("4.3.0"):  # KubeSpawner before 7 takes lists alone, and code of that time adds to them
    c.KubeSpawner.volumes = list(c.KubeSpawner.volumes.values())
    c.KubeSpawner.volume_mounts = list(c.KubeSpawner.volume_mounts.values())


# --- What they must not reach -----------------------------------------------------------------------------------------

# A cloud tells secrets to whoever asks its metadata server: this container bars the way before the user's starts.
if get_config("singleuser.cloudMetadata.blockWithIptables"):
    http = "--append OUTPUT --protocol tcp --destination {} --destination-port 80 --jump DROP"
    drop = f"iptables {http}" if since("3.0.0") else "iptables -A OUTPUT -d {} -j DROP"
    block_cloud_metadata = client.V1Container(
        name="block-cloud-metadata",
        image=f"{get_config('singleuser.networkTools.image.name')}:{get_config('singleuser.networkTools.image.tag')}",
        command=drop.format(get_config("singleuser.cloudMetadata.ip")).split(),
        security_context=client.V1SecurityContext(
            privileged=True, run_as_user=0, capabilities=client.V1Capabilities(add=["NET_ADMIN"])
        ),
        resources=get_config("singleuser.networkTools.resources"),
    )
    c.KubeSpawner.init_containers = [*(get_config("singleuser.initContainers") or []), block_cloud_metadata]


# --- Services and roles -----------------------------------------------------------------------------------------------


def idle_culler() -> "tuple[dict[str, Any], dict[str, Any] | None]":
    """The service that stops idle servers, and the role that allows it just that, where there are roles."""
    # Where the hub answers inside this pod.
    url = "http://localhost:8081" + url_path_join("/", get_config("hub.baseUrl") or "/", "hub/api")
    command = ["python3", "-m", "jupyterhub_idle_culler", f"--url={url}"]
    scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
    for option, word in (("--timeout", "timeout"), ("--cull-every", "every"), ("--concurrency", "concurrency")):
        if get_config(f"cull.{word}"):
            command.append(f"{option}={get_config(f'cull.{word}')}")
    if get_config("cull.users"):
        command.append("--cull-users")
        scopes.append("admin:users")  # to delete a user takes more than to stop a server
    if since("2.0.0") and not get_config("cull.adminUsers"):
        command.append("--cull-admin-users=false")
    if get_config("cull.removeNamedServers"):
        command.append("--remove-named-servers")
    if get_config("cull.maxAge"):
        command.append(f"--max-age={get_config('cull.maxAge')}")
    if not since("2.0.0"):  # JupyterHub 1 has no roles: who may cull may do everything
        return {"name": "cull-idle", "admin": True, "command": command}, None
    name = "jupyterhub-idle-culler"
    return {"name": name, "command": command}, {"name": name, "scopes": scopes, "services": [name]}


def service(key: str, words: "dict[str, Any]") -> "dict[str, Any]":
    """One of hub.services as JupyterHub wants it: named, and with its token from the Secret."""
    given = {"name": key, **{word: value for word, value in words.items() if word != "apiToken"}}
    if since("1.1.0"):
        return {**given, "api_token": get_secret_value(f"hub.services.{key}.apiToken")}
    # Tokens went by the services' names, and none was made for a service that had none.
    token = get_secret_value(f"hub.services.{given['name']}.apiToken", None)
    return {**given, "api_token": token} if token else given


c.JupyterHub.services = [service(key, words) for key, words in entries("hub.services")]
roles = [{"name": key, **role} for key, role in entries("hub.loadRoles")]
if get_config("cull.enabled"):
    culler, culler_role = idle_culler()
    c.JupyterHub.services.insert(0, culler)
    roles = [*filter(None, [culler_role]), *roles]
if since("2.0.0"):
    c.JupyterHub.load_roles = roles

if get_config("debug.enabled"):
    c.JupyterHub.log_level = "DEBUG"
    c.Spawner.debug = True


# --- The administrator's own code -------------------------------------------------------------------------------------


def _run(found: "list[tuple[str, str]]") -> None:
    """Run code with the names of this file; it may define what it likes, and give any of them another meaning."""
    for name, code in found:
        print(f"Loading {name}")
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)  # tracebacks quote the line
        exec(compile(code, name, "exec", dont_inherit=True), globals())


if not since("2.0.0"):  # hub.config went over the files
    _run(code_files())


# --- Secrets, then hub.config -----------------------------------------------------------------------------------------

c.JupyterHub.cookie_secret = get_secret_value("hub.config.JupyterHub.cookie_secret")
c.CryptKeeper.keys = [key for key in get_secret_value("hub.config.CryptKeeper.keys").split(";") if key]

# What hub.config may say too, but has another source: the Secret, the variable CONFIGPROXY_AUTH_TOKEN, hub.services.
FROM_ELSEWHERE = {
    "JupyterHub": ("cookie_secret", "proxy_auth_token", "services"),
    "ConfigurableHTTPProxy": ("auth_token",),
    "CryptKeeper": ("keys",),
}

for section, traits in entries("hub.config"):
    if not re.fullmatch(r"[A-Z][A-Za-z0-9_]*", section):
        sentence = (
            f"hub.config.{section} is no name of a class. hub.config has one map for each class to configure, "
            "named as in JupyterHub's documentation: hub.config.Authenticator.admin_users, for one, sets "
            f"c.Authenticator.admin_users. Write {section} below the class that it belongs to."
        )
        if since("4.3.0"):
            stop(sentence)
        print(sentence)  # charts before took it, and nothing came of it
        continue
    if not isinstance(traits, dict):
        stop(f"hub.config.{section} has to be a map of settings of {section}, but is a {type(traits).__name__}.")
    if section == "JupyterHub" and traits.get("services"):
        print("hub.config.JupyterHub.services is not used: write the services below hub.services.")
    # update() and not c[section][trait] = ...: a setting may itself be a map with capital letters in it.
    held = FROM_ELSEWHERE.get(section, ())
    c[section].update({trait: value for trait, value in traits.items() if trait not in held})


_run([*(code_files() if since("2.0.0") else ()), *code_parts()])
