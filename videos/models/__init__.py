"""The rows of videos: sources, frames with their boxes, files on their way, and who does what. One subject a module."""

from videos.models.frame import Box, Frame, Track
from videos.models.source import Label, Video
from videos.models.story import Activity
from videos.models.teamwork import Assignment, Comment, KeyBindings, Presence
from videos.models.tracking_run import TrackedObject, Tracking
from videos.models.upload_file import PhoneTicket, Upload

__all__ = [
    "Activity",
    "Assignment",
    "Box",
    "Comment",
    "Frame",
    "KeyBindings",
    "Label",
    "PhoneTicket",
    "Presence",
    "Track",
    "TrackedObject",
    "Tracking",
    "Upload",
    "Video",
]
