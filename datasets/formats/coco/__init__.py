"""COCO: one JSON file for many pictures; and several such files about the same pictures."""
