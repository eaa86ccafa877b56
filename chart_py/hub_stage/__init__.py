"""Python that a rehearsal runs in the hub's own environment: it starts the hub and every server, and tells what it saw.

Nothing here imports the rest of chart_py, and nothing of chart_py imports this: `__main__.py` is run by the Python that
has JupyterHub, and speaks lines of JSON.
"""
