"""One shape for every line in the logs, whichever library writes it."""
