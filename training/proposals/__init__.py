"""A team's models over frames of a video: proposed boxes, frames that help most, an audit of labels, a quick assistant."""
