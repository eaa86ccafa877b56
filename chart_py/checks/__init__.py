"""Findings about values that are each fine by themselves."""
