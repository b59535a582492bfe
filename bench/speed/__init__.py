"""How fast the engine trains, how soon it begins, and how much memory it takes."""
