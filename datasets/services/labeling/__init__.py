"""Between videos and datasets: datasets of finished frames, labels of a dataset to fix, and labels to export."""
