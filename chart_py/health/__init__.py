"""Judging live objects: whether they are ready, and why not. Pure: nothing here speaks to a server."""
