"""Whether a server kept its promises, from the rows and files that it leaves."""
