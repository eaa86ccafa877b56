"""Pods that pull images to the nodes before anyone waits for them."""
