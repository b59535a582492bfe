"""CVAT for images and CVAT for video: one XML file for many pictures."""
