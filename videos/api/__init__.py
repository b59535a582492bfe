"""The part of API v1 about videos: views that decide nothing."""
