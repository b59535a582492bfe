"""What a detector finds on frames, and what that is worth."""
