"""The verbs as a library: `plan_…` reads a cluster and says what would be done, `execute` does it; they never print."""
