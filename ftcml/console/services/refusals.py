class ActionRefused(Exception):
    """The operator's action cannot be done. str() is the sentence that says why."""
