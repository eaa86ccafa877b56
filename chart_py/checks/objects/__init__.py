"""Rendered objects against the schemas of Kubernetes, and the setting behind each field."""
