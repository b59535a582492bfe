"""Labeling: what a careful person has to do until all boxes of a video are right, on videos with exact truth."""
