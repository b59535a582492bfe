"""One folder or module for each format of archives. catalog.py lists them and tells one from another."""
