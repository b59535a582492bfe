"""The pages on which coaches and people have their data made into a file, and coaches read the access log."""
