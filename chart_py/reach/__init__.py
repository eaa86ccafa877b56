"""Who can talk to whom: NetworkPolicies evaluated over manifests, without a cluster. Pure."""
