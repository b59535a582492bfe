class DatasetRefused(Exception):
    """What was given cannot become a dataset, or what was asked for cannot be done; str() is the sentence to show."""


class DatasetInUse(DatasetRefused):
    """A model uses the dataset; str() names the models."""
