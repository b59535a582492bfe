"""Labeled frames: read from shards, changed at random, and what a network should say about them."""
