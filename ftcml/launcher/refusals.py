class CannotStart(Exception):
    """The server cannot start as things are; str() is the sentence that says what to do."""
