"""Real proxies in front of the server, by the files in deploy/."""
