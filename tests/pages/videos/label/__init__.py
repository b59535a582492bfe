"""The label page in a browser, as people use it."""
