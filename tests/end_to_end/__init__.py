"""A hub with its users, from the rendered manifests to the notebook: see docs/hub.md.

A real control plane holds the objects, and the real programs run: JupyterHub, configurable-http-proxy, kube-scheduler,
the users' servers, traefik, PostgreSQL. Played are the nodes (`kubelet`), the images (`software`) and the wires
between the pods (`network`, `sandbox`); everything stays on loopback.
"""
