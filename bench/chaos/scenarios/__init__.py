"""What is done to a server, one scenario a module."""
