"""Exports: everything of a team, or the rows that name a person, as one zip that a worker makes."""
