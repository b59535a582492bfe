"""The sample dataset that a newcomer starts with, rendered: scenes and the things in them."""
