"""The codes of what a rehearsal finds. Their examples give them by `chart-py rehearse`, not by `validate`."""

from __future__ import annotations

from chart_py.checks.code import Code
from chart_py.finding import Level

REHEARSAL = (
    Code(
        "hub-start",
        Level.ERROR,
        "The hub stops when it starts with this configuration.",
        "Correct the line; the finding has the exception.",
        "hub:\n  extraConfig:\n    mine: |\n      import os\n      os.environ['NOT_SET']",
    ),
    Code(
        "hub-log",
        Level.WARNING,
        "JupyterHub or KubeSpawner warns of this setting in the hub's log.",
        "Do what the warning says.",
        "hub: {services: {grader: {admin: true}}}",
    ),
    Code(
        "hub-package",
        Level.WARNING,
        "The hub's Python imports a package that the hub's image does not have.",
        "Use `--with PACKAGE` if your own image has it.",
        "hub:\n  extraConfig:\n    mine: |\n      import campus_login",
    ),
    Code(
        "hub-limit",
        Level.ERROR,
        "The hub's Python takes longer, or uses more, than a rehearsal allows.",
        "Find out what the line waits for.",
        "hub:\n  extraConfig:\n    mine: |\n      while True: pass",
    ),
    Code(
        "server-start",
        Level.ERROR,
        "A user's server does not start.",
        "Correct the setting; the finding has the exception and the servers.",
        "hub:\n  extraConfig:\n    mine: |\n      c.KubeSpawner.pre_spawn_hook = lambda spawner: 1 / 0",
    ),
    Code(
        "server-pod",
        Level.ERROR,
        "Kubernetes refuses the pod or the claim of a user's server.",
        "Correct the setting; the finding has the field and the servers.",
        "hub:\n  extraConfig:\n    mine: |\n"
        "      c.KubeSpawner.volume_mounts['data'] = {'name': 'data', 'mountPath': '/data'}",
    ),
    Code(
        "server-cut-off",
        Level.ERROR,
        "A user's server starts, but it lacks what it needs to reach its hub, or its hub to reach it.",
        "Add to the chart's own variables and labels, and do not replace them.",
        "hub:\n  extraConfig:\n    mine: |\n      def bare(spawner, pod):\n          pod.metadata.labels = {}\n"
        "          return pod\n      c.KubeSpawner.modify_pod_hook = bare",
    ),
    Code(
        "server-home",
        Level.WARNING,
        "A user's server has no home where the settings say, or another one with another profile.",
        "Add volumes by singleuser.storage, and do not replace the lists.",
        "hub:\n  extraConfig:\n    mine: |\n      c.KubeSpawner.volume_mounts = []",
    ),
    Code(
        "server-fit",
        Level.ERROR,
        "A profile's server fits on none of the nodes of `--nodes`.",
        "Ask for less, tolerate the taint, correct the node selector, or add nodes.",
        "--nodes singleuser: {memory: {guarantee: 64G}}",
    ),
    Code(
        "pod-security",
        Level.ERROR,
        "The level of `--pod-security` refuses a pod of the release or of its users.",
        "Write what the finding says is needed.",
        "--pod-security hub: {}",
    ),
    Code(
        "not-rehearsed",
        Level.NOTE,
        "Something could not be rehearsed, because it needs the network, the cluster or a browser.",
        "Nothing to do.",
        "hub:\n  extraConfig:\n    mine: |\n      import urllib.request\n"
        "      urllib.request.urlopen('http://db.example.org')",
    ),
)
