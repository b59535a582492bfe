"""Writes the access log, reads it, and forgets what is old."""
