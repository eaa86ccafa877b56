"""How users reach the hub, what NetworkPolicies keep from it, and its certificates."""
