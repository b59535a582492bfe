"""A team's models over frames of a video: proposals, frames that help most, a labels audit, a quick assistant."""
