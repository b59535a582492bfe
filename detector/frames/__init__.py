"""Labelled frames: read from shards, changed at random for training, and the objects in them."""
