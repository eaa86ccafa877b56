"""chart_py: JupyterHub on Kubernetes in typed Python."""
