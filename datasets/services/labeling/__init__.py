"""Between videos and datasets: labels of a dataset to fix, and labels of videos to export."""
