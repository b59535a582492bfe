"""Draws the sample dataset: scenes (a whole frame), scenery (what is behind), pieces (what stands in it)."""
