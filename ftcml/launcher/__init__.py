"""`make run`: the processes of the server, started together, kept running, and ended together."""
