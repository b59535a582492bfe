"""What people do with videos, frames, boxes and labels: rules that pages, API, commands and workers share."""
