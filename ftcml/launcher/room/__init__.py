"""`make share`: a laptop that serves the room, and the page that tells the room where."""
