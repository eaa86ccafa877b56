"""Mutated configurations: made by `mutation`, run by `run` by hand and by `test_fuzz` in CI."""
