"""A real server is broken in every way that we can think of, and judged: `make chaos`."""
