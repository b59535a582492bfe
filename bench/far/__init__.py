"""Far objects: rendered frames of a whole field, and how many of the objects of each size a model finds."""
