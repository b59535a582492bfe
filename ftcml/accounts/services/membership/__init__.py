"""Who is on a team, and how people get in."""
