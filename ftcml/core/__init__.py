"""What every part of the server stands on. Imports no app: of teams it knows the number in a name."""
