"""The rules of people and teams: who sees what, what the trash hides, who signs in, and what minutes a team has."""
