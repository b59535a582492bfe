"""From an archive, or from a dataset, to the frames of a video, whose boxes people can change."""
