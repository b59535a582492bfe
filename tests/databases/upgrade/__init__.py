"""A database as version 0.1.0 left it, with one of everything, and what its API answered about it."""
