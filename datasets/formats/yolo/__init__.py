"""YOLO: a text file for each picture, and the files that say what its numbers mean."""
