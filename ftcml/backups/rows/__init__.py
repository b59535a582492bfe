"""The rows of a backup: out of any database and into any other, in the same form."""
