"""The room that speaks to a cluster: a small protocol, the live one, a fake one, and what objects' states mean."""
