"""The one exception whose text a student reads."""


class TrainingFailed(Exception):
    """Training cannot go on. str() is a sentence that says what happened and what to do."""
