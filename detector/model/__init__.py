"""The layers of networks: backbone, heads, anchors."""
