"""Steps and losses, checkpoints, what a run finds on its evaluation frames, devices."""
