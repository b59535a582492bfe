"""Frames in, checkpoints out: inputs, augmentation, losses, steps, devices."""
