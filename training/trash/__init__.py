"""The trash: what people deleted, models and datasets, for some days. It can be restored as it was."""
