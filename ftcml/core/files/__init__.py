"""Stores files: how they come in, where they are kept, and how they go out."""
