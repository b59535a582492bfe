"""What is worth knowing of a dataset before a training, and what to make of it."""
