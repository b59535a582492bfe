"""The label page, and what its scripts ask for and send."""
