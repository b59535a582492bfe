"""What an operator can do and see; each change is written into the log of operators' actions."""
