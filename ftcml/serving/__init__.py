"""The doors of the web server: who may take how much of it, and for how long."""
