"""Where files live, on their way in, and on their way to a person."""
