"""The rows of videos: sources, frames with their boxes, files on their way, and who did what. One subject a module."""

from videos.models.frame import Box, Frame
from videos.models.source import Label, Video
from videos.models.story import Activity
from videos.models.upload_file import PhoneTicket, Upload

__all__ = ["Activity", "Box", "Frame", "Label", "PhoneTicket", "Upload", "Video"]
