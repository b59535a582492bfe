"""From a video file that a stranger sent to frames: what needs neither Django nor the database."""
