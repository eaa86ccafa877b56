"""The proxy that knows each person's server, and the Services in front of it."""
