"""Changes of the recipe that were tried and aren't in the product: contexts in which our trainer trains otherwise."""
