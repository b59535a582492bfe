"""What every kind of row in a team's trash has in common: what keeps it out, and moving several at once."""
