"""Functions for everything that can be done with a dataset, and for what lists and pages show of it."""
