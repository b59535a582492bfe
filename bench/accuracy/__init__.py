"""How soon a model is good, how good it gets, and what other recipes would give."""
