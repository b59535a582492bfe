"""Tells whether the database and the stored files belong together, and removes files without a row."""
