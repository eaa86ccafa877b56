"""Rehearsal: the hub starts and every server spawns, in a process of its own, before anything is applied."""
