"""The networks: backbone, heads, anchors, and what they should say about a frame."""
