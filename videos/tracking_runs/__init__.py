"""Runs of trackers: from a person's click, through a process of its own, to boxes that the page sees as they come."""
