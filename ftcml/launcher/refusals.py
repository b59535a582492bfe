class CannotStart(Exception):
    """The server can't start. str() is the sentence that says what to do."""
