"""Videos: how fast frames come out of them and go into datasets, how soon the first is seen, and what damage does."""
