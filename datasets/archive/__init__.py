"""A zip made by a stranger: its files, their names, and the letters that their bytes stand for."""
