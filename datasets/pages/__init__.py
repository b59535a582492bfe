"""The Datasets tab and the pages of one dataset: views that call services and decide nothing."""
