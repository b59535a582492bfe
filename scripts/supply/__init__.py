"""What the server is made of: the licenses of its packages, their known faults, a bill of materials, and its image."""
