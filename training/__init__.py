"""Everything from Start Training on: jobs, their workers, what they found, and what leaves the server."""
