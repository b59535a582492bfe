"""Takes the frames out of one video: lease, a process of its own, pictures and rows."""
