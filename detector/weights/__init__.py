"""Starting weights: where they come from, and how they fill a network."""
