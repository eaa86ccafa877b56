"""What can be said about values and objects beforehand: contradictions, the hub's Python, its traits, their schemas."""
