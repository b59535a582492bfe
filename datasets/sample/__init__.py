"""The sample dataset that a newcomer starts with, rendered: scenes, scenery, pieces."""
