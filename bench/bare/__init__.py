"""The README's own lines on a Debian with nothing else on it: `make bare`."""
