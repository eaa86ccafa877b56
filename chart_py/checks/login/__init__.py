"""Who can log in, and what the parts of a login demand of each other."""
