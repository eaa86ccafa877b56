"""The named changes of the charts 3.0.0 to 3.3.8."""

from __future__ import annotations

from chart_py.editions.change import ABSENT, Change, Setting, Severity
from chart_py.editions.chart_2 import POLICIES

CHANGES: tuple[Change, ...] = (
    Change(
        "jupyterhub-4",
        "3.0.0",
        Severity.ACTION,
        "JupyterHub 4 takes the place of JupyterHub 3, KubeSpawner 6 that of 4, and OAuthenticator 16 that of 15.",
        "JupyterHub 4 protects every form by a token, and OAuthenticator 16 lets nobody in who is not allowed.",
        noticed="With GitHub, Google and other OAuth logins only those are let in whom a list or allow_all allows.",
        before=(
            "Back up the hub's database: its tables change. With another database than sqlite-pvc, set hub.db.upgrade: "
            "true for this upgrade. Say in hub.config.OAuthenticator who is allowed, or allow_all: true. Double the "
            "braces in singleuser.extraEnv and profileList where they are meant as braces."
        ),
        objects=("Deployment/hub",),
        images=("hub.image",),
        concerns=("*",),
    ),
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
        "public-service-selector",
        "3.0.0",
        Severity.QUIET,
        "The public Service selects its pods by the label `app` too.",
        "Without it pods of another program with the same labels could be among them.",
        objects=("Service/proxy-public",),
    ),
    Change(
        "scheduler-config-v1",
        "3.0.0",
        Severity.ADMINS,
        "The user scheduler is configured by kubescheduler.config.k8s.io/v1, and leads by a Lease beside an Endpoints.",
        "kube-scheduler 1.26 prefers it.",
        objects=("ConfigMap/user-scheduler",),
    ),
    Change(
        "metadata-http-only",
        "3.0.0",
        Severity.ADMINS,
        "singleuser.cloudMetadata.blockWithIptables blocks http to the metadata server, and nothing else.",
        "On some clouds the same address answers DNS.",
        hub="The container block-cloud-metadata drops TCP to port 80 instead of everything.",
        concerns=("*",),
    ),
    Change(
        "registry-k8s-io",
        "3.0.0",
        Severity.ADMINS,
        "kube-scheduler and pause are pulled from registry.k8s.io instead of k8s.gcr.io.",
        "k8s.gcr.io is frozen.",
        before="Allow registry.k8s.io where registries are mirrored or restricted.",
        objects=("Deployment/user-scheduler", "StatefulSet/user-placeholder", "DaemonSet/hook-image-puller"),
        images=("scheduling.userScheduler.image", "scheduling.userPlaceholder.image", "prePuller.pause.image"),
    ),
    Change(
        "pull-profile-options",
        "3.2.0",
        Severity.ADMINS,
        "Image pullers pull the images that can be chosen in profile_options, too.",
        "Users waited for them, although the images of profiles themselves were there.",
        noticed="More images are pulled before an upgrade and on new nodes, which takes time and disk.",
        before="Set prePuller.pullProfileListImages: false where that is too much.",
        objects=("DaemonSet/hook-image-puller", "DaemonSet/continuous-image-puller"),
    ),
    Change(
        "images-from-quay",
        "3.2.0",
        Severity.ADMINS,
        "The chart's own images are pulled from quay.io instead of Docker Hub.",
        "Docker Hub limits how often images are pulled.",
        before="Allow quay.io where registries are mirrored or restricted.",
        objects=("Deployment/hub", "Deployment/proxy", "Job/hook-image-awaiter", "DaemonSet/hook-image-puller"),
        images=(
            "hub.image",
            "proxy.chp.image",
            "proxy.secretSync.image",
            "singleuser.image",
            "singleuser.networkTools.image",
            "prePuller.hook.image",
        ),
    ),
    Change(
        "revision-history-kept",
        "3.3.0",
        Severity.QUIET,
        "revisionHistoryLimit is obeyed.",
        "The charts that had the setting before took no number for one, and did nothing with it.",
        objects=("Deployment", "StatefulSet/user-placeholder", "DaemonSet"),
    ),
)
