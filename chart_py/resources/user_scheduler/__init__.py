"""A kube-scheduler that fills one node with users before it uses the next."""
