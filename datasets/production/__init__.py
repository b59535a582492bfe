"""From frames that people finished in videos to a dataset: which frames count, the split, and the labels' new names."""
