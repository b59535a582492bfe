"""What is asked, checked and promised before a training starts."""
