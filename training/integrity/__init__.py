"""Runs the sweep, and checks that rows and stored files agree."""
