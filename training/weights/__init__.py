"""What starting models start from on this server, and how the weights of the Detection Zoo get here."""
