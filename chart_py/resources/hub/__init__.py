"""The objects of the hub: its pod, what the pod reads, and its rights."""
