"""The records of a release: what was installed when, in Helm's own format, so that each reads the other's."""
