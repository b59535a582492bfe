class ActionRefused(Exception):
    """The operator's action can't be done. str() is the sentence that says why."""
