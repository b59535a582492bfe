"""Limits how much of the web server one client may take, and for how long."""
