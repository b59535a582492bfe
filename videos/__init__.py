"""Everything before a dataset: videos and pictures as teams bring them, their frames, boxes and labels."""
