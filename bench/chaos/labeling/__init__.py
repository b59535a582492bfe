"""Kills while trackers and models label a team's video, and what must be true of the boxes afterwards."""
