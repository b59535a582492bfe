"""Videos: how fast frames come out of them, how soon the first is seen, and what damaged videos do."""
