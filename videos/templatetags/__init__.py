"""Tags and filters for templates that show videos."""
