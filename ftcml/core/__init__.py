"""What every part of the server stands on, and that knows of no team, dataset or job."""
