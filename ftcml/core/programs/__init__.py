"""What the programs beside the web server have in common: their beat, and their sign of life."""
