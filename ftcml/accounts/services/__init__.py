"""The rules of people and teams: who may see what, who may sign in, and what minutes a team has left."""
