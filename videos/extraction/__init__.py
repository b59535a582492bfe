"""Takes the frames out of one video, or a set of pictures: lease, a process of its own, pictures and rows."""
