"""Erasing a team or a person: what goes is counted first, then it goes bit by bit, and another worker can resume it."""
