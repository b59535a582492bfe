"""Slow work on one row: whose turn it is, the lease of an attempt, and a watched process of its own with limits."""
