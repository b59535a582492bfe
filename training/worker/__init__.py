"""Runs a training worker: one job at a time, with one trainer process, under a lease."""
