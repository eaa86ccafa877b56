"""Rewrites a configuration in the words of an older chart into today's, and proves that it renders the same."""
