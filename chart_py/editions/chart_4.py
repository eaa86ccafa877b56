"""The named changes of the charts 4.0.0 to 4.4.0."""

from __future__ import annotations

from typing import Any

from chart_py.editions.change import ABSENT, Change, Setting, Severity

_CONTAINERS = (
    "hub",
    "proxy.chp",
    "proxy.traefik",
    "proxy.secretSync",
    "scheduling.userScheduler",
    "scheduling.userPlaceholder",
    "prePuller",
    "prePuller.hook",
    "prePuller.pause",
)
_SECCOMP = {"type": "RuntimeDefault"}
_ALL = ["ALL"]
_HTTP_ROUTE = {
    "enabled": False,
    "annotations": {},
    "hostnames": [],
    "gateway": {"name": "your-gateway", "namespace": ""},
}

CHANGES: tuple[Change, ...] = (
    Change(
        "jupyterhub-5",
        "4.0.0",
        Severity.ACTION,
        "JupyterHub 5 takes the place of JupyterHub 4, OAuthenticator 17 that of 16, LDAPAuthenticator 2 that of 1.",
        "JupyterHub 5 lets nobody in who is not allowed, whatever the login.",
        noticed="Without a list of users or groups, and without allow_all, nobody can log in any more.",
        before=(
            "Set hub.config.Authenticator.allow_all: true where everyone who passes the login is to be let in. Back up "
            "the hub's database: its tables change. With another database than sqlite-pvc, set hub.db.upgrade: true "
            "for this upgrade. Rename the traits of hub.config.LDAPAuthenticator that version 2 calls otherwise."
        ),
        objects=("Deployment/hub",),
        images=("hub.image",),
        concerns=("*",),
    ),
    Change(
        "restricted-containers",
        "4.0.0",
        Severity.ADMINS,
        "The chart's own containers drop all capabilities, run as no root and under the runtime's seccomp profile.",
        "The Pod Security Standard `restricted` admits them then.",
        before="Where hub.image or another image of the chart is your own, check that it runs without root.",
        settings=(
            *(
                Setting(f"{section}.containerSecurityContext.capabilities", None, {"drop": _ALL})
                for section in _CONTAINERS
            ),
            *(
                setting
                for section in _CONTAINERS[1:]
                for setting in (
                    Setting(f"{section}.containerSecurityContext.runAsNonRoot", None, True),
                    Setting(f"{section}.containerSecurityContext.seccompProfile", None, _SECCOMP),
                )
            ),
            Setting("hub.podSecurityContext.runAsNonRoot", None, True),
            Setting("hub.podSecurityContext.seccompProfile", None, _SECCOMP),
        ),
        objects=("Deployment", "StatefulSet", "DaemonSet", "Job"),
    ),
    Change(
        "app-protocol",
        "4.0.0",
        Severity.QUIET,
        "hub.service.ports.appProtocol names the protocol of the hub's port.",
        "Service meshes and load balancers look at it.",
        settings=(Setting("hub.service.ports.appProtocol"),),
    ),
    Change(
        "claim-sub-path",
        "4.0.0",
        Severity.QUIET,
        "singleuser.storage.dynamic.subPath makes a folder of each user's volume the home.",
        "A new volume's root can hold lost+found and the like, which some servers stumble over.",
        settings=(Setting("singleuser.storage.dynamic.subPath"),),
        hub="The home's mount has the folder.",
    ),
    Change(
        "claim-names",
        "4.0.0",
        Severity.ACTION,
        "KubeSpawner 7 names pods, claims and volumes by its `safe` scheme, and remembers the names of claims.",
        "Names of the scheme before could be too long, or refused by Kubernetes.",
        noticed="Users whose names are not letters and digits get other pod names; their claims are found again.",
        before=(
            "Where templates of your own hold {username} or {servername}, set hub.config.KubeSpawner.slug_scheme: "
            "escape or review them: for some users they say something else."
        ),
        settings=(
            Setting("singleuser.storage.dynamic.pvcNameTemplate", "claim-{username}{servername}", None),
            Setting(
                "singleuser.storage.dynamic.volumeNameTemplate", "volume-{username}{servername}", "volume-{user_server}"
            ),
        ),
        hub="Where pvcNameTemplate is not set, KubeSpawner's own default names the claims.",
        concerns=("*",),
    ),
    Change(
        "ingress-extra-paths",
        "4.0.0",
        Severity.QUIET,
        "ingress.extraPaths adds paths to the Ingress.",
        "Some controllers take redirects and the like as paths.",
        settings=(Setting("ingress.extraPaths", ABSENT, []),),
    ),
    Change(
        "kubernetes-labels",
        "4.0.0",
        Severity.QUIET,
        "Every object has the labels that Kubernetes recommends, app.kubernetes.io and helm.sh, beside the old ones.",
        "Dashboards and policies select by them.",
        objects=("*",),
        hub="Users' pods and claims have them too, and no label heritage.",
    ),
    Change(
        "hub-container-first",
        "4.0.0",
        Severity.QUIET,
        "The hub's container stands before hub.extraContainers in its pod.",
        "`kubectl logs` and `kubectl exec` take the first container where none is named.",
        objects=("Deployment/hub",),
    ),
    Change(
        "host-routing",
        "4.0.0",
        Severity.USERS,
        "The proxy routes by host name where hub.config.JupyterHub.subdomain_host is set.",
        "--host-routing had to be given in proxy.chp.extraCommandLineFlags by hand.",
        before="Take --host-routing out of proxy.chp.extraCommandLineFlags.",
        objects=("Deployment/proxy",),
    ),
    Change(
        "scheduler-leases",
        "4.0.0",
        Severity.QUIET,
        "The user scheduler's pods agree on who leads by a Lease, without an Endpoints object beside it.",
        "kube-scheduler 1.27 and newer know only Leases.",
        objects=("ConfigMap/user-scheduler", "ClusterRole/user-scheduler"),
    ),
    Change(
        "pod-kubernetes-labels",
        "4.1.0",
        Severity.USERS,
        "Pods have the labels that Kubernetes recommends, too.",
        "The pods were left out when the other objects got them.",
        noticed="The upgrade restarts the proxy and the hub, whatever else it changes.",
        objects=("Deployment", "DaemonSet", "StatefulSet", "Job"),
    ),
    Change(
        "puller-accounts",
        "4.1.0",
        Severity.QUIET,
        "Image pullers run under ServiceAccounts of their own.",
        "They ran under the namespace's default account, which some clusters forbid.",
        settings=tuple(
            Setting(f"prePuller.{section}", ABSENT, {"create": True, "annotations": {}})
            for section in ("hook.serviceAccountImagePuller", "continuous.serviceAccount")
        ),
        objects=(
            "ServiceAccount/hook-image-puller",
            "ServiceAccount/continuous-image-puller",
            "DaemonSet/hook-image-puller",
            "DaemonSet/continuous-image-puller",
            "ConfigMap/hub",
        ),
    ),
    Change(
        "placeholder-pod-spec",
        "4.1.0",
        Severity.QUIET,
        "scheduling.userPlaceholder.extraPodSpec adds fields to the placeholders' pods.",
        "Other components had this setting already.",
        settings=(Setting("scheduling.userPlaceholder.extraPodSpec", ABSENT, {}),),
    ),
    Change(
        "extra-images-pull-policy",
        "4.2.0",
        Severity.QUIET,
        "prePuller.extraImages takes a pullPolicy for each image.",
        "Images whose tags move were not pulled again.",
        objects=("DaemonSet/hook-image-puller", "DaemonSet/continuous-image-puller"),
    ),
    Change(
        "ip-families",
        "4.3.0",
        Severity.ADMINS,
        "The Services ask for both IP families, by ipFamilyPolicy: PreferDualStack; ipFamilies can be set too.",
        "On dual-stack clusters they had one family only.",
        noticed="On dual-stack clusters the Services get a second address; on others nothing changes.",
        settings=(
            *(
                Setting(f"{section}.service.ipFamilyPolicy", ABSENT, "PreferDualStack", None)
                for section in ("hub", "proxy")
            ),
            *(Setting(f"{section}.service.ipFamilies", ABSENT, []) for section in ("hub", "proxy")),
        ),
        objects=("Service/hub", "Service/proxy-api", "Service/proxy-http", "Service/proxy-public"),
    ),
    Change(
        "external-ips",
        "4.3.0",
        Severity.QUIET,
        "proxy.service.externalIPs gives the public Service addresses that lead to the cluster by other means.",
        "On clusters without a load balancer it had to be patched in.",
        settings=(Setting("proxy.service.externalIPs", ABSENT, []),),
    ),
    Change(
        "http-route",
        "4.3.0",
        Severity.QUIET,
        "httpRoute makes an HTTPRoute of the Gateway API in front of the proxy.",
        "The Gateway API takes the place of Ingress.",
        settings=(Setting("httpRoute", ABSENT, _HTTP_ROUTE),),
    ),
    Change(
        "daemon-set-annotations",
        "4.3.0",
        Severity.QUIET,
        "daemonsetAnnotations annotates the image pullers' DaemonSets.",
        "Policies of some clusters are switched by annotations of the DaemonSet, not of its pods.",
        settings=tuple(
            Setting(f"prePuller.{section}.daemonsetAnnotations", ABSENT, {}) for section in ("hook", "continuous")
        ),
    ),
    Change(
        "hub-config-classes",
        "4.3.0",
        Severity.ACTION,
        "The hub stops where hub.config has a section that cannot be the name of a class.",
        "Such a section, loadRoles for one, did nothing, and nobody was told.",
        before="`chart-py validate` names such sections; move them to where they belong.",
        hub="The hub ends with a sentence that names the section; before, the section was ignored.",
        # A class begins with a capital.
        concerns=("hub.config.[!A-Z]*",),
    ),
    Change(
        "storage-maps",
        "4.3.0",
        Severity.QUIET,
        "singleuser.storage.extraVolumes and extraVolumeMounts take a map from any name to a volume as well as a list.",
        "A list of one file replaces that of another; maps merge.",
        before="Code in hub.extraConfig that appends to c.KubeSpawner.volumes or volume_mounts has to add to a map.",
        hub="c.KubeSpawner.volumes and volume_mounts are maps; before, they were lists.",
        settings=tuple(
            Setting(f"singleuser.storage.{word}", [], {}, took=list[Any])
            for word in ("extraVolumes", "extraVolumeMounts")
        ),
        concerns=("hub.extraConfig",),
    ),
    Change(
        "storage-null",
        "4.3.3",
        Severity.QUIET,
        "singleuser.storage.extraVolumes and extraVolumeMounts have no default.",
        "Helm warned when a list was laid over the empty map.",
        settings=tuple(
            Setting(f"singleuser.storage.{word}", {}, None) for word in ("extraVolumes", "extraVolumeMounts")
        ),
    ),
    Change(
        "puller-pod-labels",
        "4.3.3",
        Severity.QUIET,
        "The image pullers' pods have the labels of prePuller.labels.",
        "Only the pod that waits for them had them.",
        objects=("DaemonSet/hook-image-puller", "DaemonSet/continuous-image-puller"),
    ),
    Change(
        "http-route-service",
        "4.3.3",
        Severity.USERS,
        "The HTTPRoute leads to the Service of this release, whatever fullnameOverride makes its name.",
        "It always led to proxy-public, which is not there with another fullnameOverride.",
        objects=("HTTPRoute",),
    ),
    Change(
        "http-route-section",
        "4.3.3",
        Severity.QUIET,
        "httpRoute.gateway.sectionName names the Gateway's listener.",
        "A Gateway can have several listeners.",
        settings=(Setting("httpRoute.gateway.sectionName"),),
        objects=("HTTPRoute",),
    ),
)
