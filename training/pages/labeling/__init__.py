"""What training puts into the label page of a video: its models as helpers."""
