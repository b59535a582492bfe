"""The sample video, drawn by the server itself."""
