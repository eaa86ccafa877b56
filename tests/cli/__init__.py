"""Tests of the verbs, each through `main` as a terminal calls it."""
