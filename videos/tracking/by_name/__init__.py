"""The trackers that a person chooses by name, and the check of what they say."""
