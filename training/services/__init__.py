"""What can be done with a training job, each as a function, and the rules that it must keep."""
