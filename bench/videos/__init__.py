"""Videos: how fast their frames are taken, and how soon the first is seen."""
