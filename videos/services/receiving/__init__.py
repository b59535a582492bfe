"""Files on their way: what has come of each, whether it is what it should be, and what happens at its end."""
