"""How fast imports are, what odd archives do to them, and how near duplicates are told."""
