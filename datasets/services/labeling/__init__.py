"""Between videos and datasets: where a dataset is from, labels of it to fix, and labels of videos to export."""
