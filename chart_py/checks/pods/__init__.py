"""Pods of the release: mounts, images, fields that replace the chart's own."""
