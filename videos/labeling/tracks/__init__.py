"""Objects through several frames: the boxes that carry a track, what lies between those that a person set, and how
objects are split, merged, ended and confirmed."""
