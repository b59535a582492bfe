"""What belongs to a team and to a person, and what becomes of it."""
