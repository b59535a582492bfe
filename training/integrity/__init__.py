"""The sweep, and whether rows and stored files still say the same."""
