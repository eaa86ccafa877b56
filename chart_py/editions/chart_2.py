"""The named changes of chart 2.0.0."""

from __future__ import annotations

from typing import Any

from chart_py.editions.change import ABSENT, Change, Setting, Severity

POLICIES = ("hub", "proxy.chp", "proxy.traefik", "singleuser")
_ANYWHERE = [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]
_BUT_METADATA = [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]}]
_EVERY_RULE = (
    "cloudMetadataServer",
    "dnsPortsCloudMetadataServer",
    "dnsPortsKubeSystemNamespace",
    "dnsPortsPrivateIPs",
    "nonPrivateIPs",
    "privateIPs",
)
_NO_RULE = dict.fromkeys(_EVERY_RULE, False)
_ACCOUNTS = ("hub", "proxy.traefik", "scheduling.userScheduler", "prePuller.hook")


def _rules(policy: str) -> dict[str, bool]:
    """The ready-made rules of 2.0.0; 3.0.0 adds two."""
    users = policy == "singleuser"
    return {
        "cloudMetadataServer": not users,
        "dnsPortsPrivateIPs": True,
        "nonPrivateIPs": True,
        "privateIPs": not users,
    }


def _score(*weights: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"name": name, "weight": weight} for name, weight in weights]


def _names(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


_OLD_PLUGINS = {
    "score": {
        "disabled": _names(
            "SelectorSpread",
            "TaintToleration",
            "PodTopologySpread",
            "NodeResourcesBalancedAllocation",
            "NodeResourcesLeastAllocated",
            "NodePreferAvoidPods",
            "NodeAffinity",
            "InterPodAffinity",
            "ImageLocality",
        ),
        "enabled": _score(
            ("NodePreferAvoidPods", 161051),
            ("NodeAffinity", 14631),
            ("InterPodAffinity", 1331),
            ("NodeResourcesMostAllocated", 121),
            ("ImageLocality", 11),
        ),
    }
}
_PLUGINS = {
    "score": {
        "disabled": _names(
            "NodeResourcesBalancedAllocation", "NodeAffinity", "InterPodAffinity", "NodeResourcesFit", "ImageLocality"
        ),
        "enabled": _score(
            ("NodeAffinity", 14631), ("InterPodAffinity", 1331), ("NodeResourcesFit", 121), ("ImageLocality", 11)
        ),
    }
}
_MOST_ALLOCATED = {
    "type": "MostAllocated",
    "resources": [{"name": "cpu", "weight": 1}, {"name": "memory", "weight": 1}],
}
_PLUGIN_CONFIG = [{"name": "NodeResourcesFit", "args": {"scoringStrategy": _MOST_ALLOCATED}}]

CHANGES: tuple[Change, ...] = (
    Change(
        "jupyterhub-3",
        "2.0.0",
        Severity.ACTION,
        "JupyterHub 3 takes the place of JupyterHub 1, KubeSpawner 4 that of KubeSpawner 1, on Python 3.9.",
        "JupyterHub 2 brought roles, and JupyterLab as what users see first.",
        noticed="Users see JupyterLab; servers that run on through the upgrade have to be restarted.",
        before=(
            "Back up the hub's database: its tables change, and the old JupyterHub cannot read them. With another "
            "database than sqlite-pvc, set hub.db.upgrade: true for this upgrade. Users' images need jupyterhub 2."
        ),
        objects=("Deployment/hub",),
        images=("hub.image",),
        concerns=("*",),
    ),
    Change(
        "code-over-config",
        "2.0.0",
        Severity.ADMINS,
        "Files in jupyterhub_config.d go over hub.config.",
        "hub.extraConfig always did, and files that hub.extraFiles mounts did not.",
        before="Where both set the same trait, take one out.",
        hub="Files in jupyterhub_config.d/ run after hub.config, and no longer before it.",
        concerns=("hub.extraFiles",),
    ),
    Change(
        "egress-allow-rules",
        "2.0.0",
        Severity.ACTION,
        "networkPolicy.egressAllowRules opens the usual ways out; networkPolicy.egress adds to them and is empty.",
        "The default of networkPolicy.egress was everything, and a rule of one's own closed all the rest.",
        noticed="Where networkPolicy.egress narrowed what pods reach, they reach more than before.",
        before="Where networkPolicy.egress is set to restrict, set each rule of egressAllowRules beside it to false.",
        settings=tuple(
            setting
            for policy in POLICIES
            for setting in (
                Setting(f"{policy}.networkPolicy.egress", _BUT_METADATA if policy == "singleuser" else _ANYWHERE, []),
                Setting(f"{policy}.networkPolicy.egressAllowRules", ABSENT, _rules(policy), _NO_RULE),
            )
        ),
        objects=("NetworkPolicy/hub", "NetworkPolicy/proxy", "NetworkPolicy/autohttps", "NetworkPolicy/singleuser"),
    ),
    Change(
        "pod-security-context",
        "2.0.0",
        Severity.ACTION,
        "hub.podSecurityContext takes the place of hub.fsGid.",
        "A pod's security context has more fields than the group of its volumes.",
        before="Write hub.podSecurityContext.fsGroup for hub.fsGid.",
        settings=(
            Setting("hub.fsGid", 1000, None, instead="hub.podSecurityContext.fsGroup"),
            Setting("hub.podSecurityContext", ABSENT, {"fsGroup": 1000}, {}),
        ),
        objects=("Deployment/hub",),
    ),
    Change(
        "service-account-names",
        "2.0.0",
        Severity.ACTION,
        "rbac.create takes the place of rbac.enabled; each ServiceAccount has create and name of its own.",
        "Accounts that somebody else makes could not be named, and were all made or none.",
        before="Write rbac.create for rbac.enabled; where it is false, set create: false at each serviceAccount too.",
        settings=(
            Setting("rbac.enabled", True, ABSENT, instead="rbac.create"),
            Setting("rbac.create", ABSENT, True),
            *(Setting(f"{section}.serviceAccount.create", ABSENT, True) for section in _ACCOUNTS),
            *(Setting(f"{section}.serviceAccount.name", ABSENT, None) for section in _ACCOUNTS),
        ),
        objects=("ConfigMap/hub",),
    ),
    Change(
        "load-roles",
        "2.0.0",
        Severity.QUIET,
        "hub.loadRoles gives users, groups and services roles.",
        "JupyterHub 2 brought roles and scopes.",
        settings=(Setting("hub.loadRoles", ABSENT, {}),),
        hub="c.JupyterHub.load_roles is filled from it, and the idle culler has a role instead of being an admin.",
    ),
    Change(
        "privilege-escalation",
        "2.0.0",
        Severity.USERS,
        "singleuser.allowPrivilegeEscalation is false: processes in users' servers gain no more rights than they have.",
        "A server from which nobody can become root is the safer default.",
        noticed="`sudo` in a user's server fails.",
        before="Where users need sudo, set singleuser.allowPrivilegeEscalation: null or true.",
        settings=(Setting("singleuser.allowPrivilegeEscalation", ABSENT, False),),
        hub="c.KubeSpawner.allow_privilege_escalation is set from it.",
        concerns=("*",),
    ),
    Change(
        "scheduler-plugins",
        "2.0.0",
        Severity.ADMINS,
        "The user scheduler is configured by kubescheduler.config.k8s.io/v1beta3, with pluginConfig beside plugins.",
        "kube-scheduler 1.23 does not know the plugins of v1beta1.",
        before="Rewrite scheduling.userScheduler.plugins in the names of kube-scheduler 1.23 where it is set.",
        settings=(
            Setting("scheduling.userScheduler.plugins", _OLD_PLUGINS, _PLUGINS),
            Setting("scheduling.userScheduler.pluginConfig", ABSENT, _PLUGIN_CONFIG, []),
        ),
        objects=("ConfigMap/user-scheduler", "Deployment/user-scheduler", "ClusterRole/user-scheduler"),
    ),
    Change(
        "secret-sync-resources",
        "2.0.0",
        Severity.QUIET,
        "proxy.secretSync.resources is obeyed.",
        "The setting was there, and did nothing.",
        objects=("Deployment/autohttps",),
    ),
    Change(
        "egress-to-proxies",
        "2.0.0",
        Severity.QUIET,
        "Users' servers may reach the proxies, by which services and other users' servers are reached.",
        "With a closed networkPolicy.egress a server could not call the hub's services by its public address.",
        objects=("NetworkPolicy/singleuser",),
    ),
    Change(
        "ingress-v1",
        "2.0.0",
        Severity.QUIET,
        "The Ingress is always one of networking.k8s.io/v1.",
        "Kubernetes 1.22 has no other.",
        objects=("Ingress",),
    ),
    Change(
        "image-puller-priority",
        "2.0.0",
        Severity.ADMINS,
        "Image pullers have a priority of their own, scheduling.podPriority.imagePullerPriority.",
        "On a node full of placeholders a puller found no room.",
        settings=(Setting("scheduling.podPriority.imagePullerPriority", ABSENT, -5),),
        objects=("PriorityClass", "DaemonSet", "ConfigMap/hub"),
    ),
    Change(
        "revision-history-limit",
        "2.0.0",
        Severity.QUIET,
        "revisionHistoryLimit says how many old ReplicaSets the Deployments keep.",
        "Clusters with many releases filled up with old ReplicaSets.",
        settings=tuple(
            Setting(f"{section}.revisionHistoryLimit")
            for section in (
                "hub",
                "proxy.chp",
                "proxy.traefik",
                "scheduling.userScheduler",
                "scheduling.userPlaceholder",
                "prePuller",
            )
        ),
    ),
    Change(
        "traefik-init-containers",
        "2.0.0",
        Severity.QUIET,
        "proxy.traefik.extraInitContainers adds init containers to traefik's pod.",
        "Certificates and plugins have to be there before traefik starts.",
        settings=(Setting("proxy.traefik.extraInitContainers", ABSENT, []),),
    ),
    Change(
        "network-tools-resources",
        "2.0.0",
        Severity.QUIET,
        "singleuser.networkTools.resources limits the container that blocks the metadata server.",
        "Namespaces with quotas refuse containers without requests.",
        settings=(Setting("singleuser.networkTools.resources", ABSENT, {}),),
        hub="The init container that blocks the metadata server has these resources.",
    ),
    Change(
        "component-labels",
        "2.0.0",
        Severity.QUIET,
        "Labels and annotations of user schedulers and placeholders, and labels of image pullers, can be set.",
        "Other components had these settings already.",
        settings=(
            *(
                Setting(f"scheduling.{section}.{word}", ABSENT, {})
                for section in ("userScheduler", "userPlaceholder")
                for word in ("labels", "annotations")
            ),
            Setting("prePuller.labels", ABSENT, {}),
        ),
    ),
    Change(
        "ingress-class-name",
        "2.0.0",
        Severity.QUIET,
        "ingress.ingressClassName says which controller serves the Ingress.",
        "Kubernetes has a field for it, which replaces the annotation kubernetes.io/ingress.class.",
        settings=(Setting("ingress.ingressClassName"),),
    ),
    Change(
        "cull-admin-users",
        "2.0.0",
        Severity.QUIET,
        "cull.adminUsers says whether admin users are culled, where cull.users is on.",
        "jupyterhub-idle-culler 1.2 can leave admins alone.",
        settings=(Setting("cull.adminUsers", ABSENT, True),),
        hub="The culler is started with --cull-admin-users=false where it is off.",
    ),
    Change(
        "proxy-probes",
        "2.0.0",
        Severity.ADMINS,
        "The proxy's probes say how long to wait and how often to fail: 30 failures of 3 seconds before a restart.",
        "A proxy that was slow to answer for a moment was restarted, and everybody's connections with it.",
        settings=(
            Setting("proxy.chp.livenessProbe.failureThreshold", None, 30),
            Setting("proxy.chp.livenessProbe.timeoutSeconds", None, 3),
            Setting("proxy.chp.readinessProbe.timeoutSeconds", None, 1),
        ),
        objects=("Deployment/proxy",),
    ),
)
