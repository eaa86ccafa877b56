"""Tests of what is told about settings."""
