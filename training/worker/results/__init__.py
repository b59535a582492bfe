"""Brings what a trainer has written into rows, and ends attempts."""
