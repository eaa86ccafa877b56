"""Pods as large as a user's that keep room free for the next person."""
