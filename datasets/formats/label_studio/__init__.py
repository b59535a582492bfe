"""Label Studio: a JSON list of tasks, with several people's annotations of each."""
