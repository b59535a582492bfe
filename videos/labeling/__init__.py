"""Boxes of frames as several people change them at once: merged box by box, saved, told to the others."""
