"""Runs of trackers."""
