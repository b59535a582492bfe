"""Trains object detectors. Imports no Django and no code of the applications; runs alone on any machine."""

import os

# tf-models-official needs Keras 2, and TensorFlow reads this when it is imported.
os.environ["TF_USE_LEGACY_KERAS"] = "1"
