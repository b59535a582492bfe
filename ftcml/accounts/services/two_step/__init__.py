"""Two-step sign-in: after the password, a code from a person's phone."""
