"""Which database and which stored files belong together, and what becomes of files that no row knows."""
