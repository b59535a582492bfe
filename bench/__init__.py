"""Programs that measure or break the product, in a folder for each kind: `python -m bench NAME`."""
