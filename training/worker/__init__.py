"""What a training worker does: one job at a time, with one trainer process, under a lease."""
