"""What can be done with a dataset, each as a function, and what lists and pages read of it."""
