"""What the decoding raises, and nothing else, whatever a file holds."""

from videos.reasons import Code, Param, Reason


class UndecodableVideo(Exception):
    """No frames come out of the file; `reason` says why."""

    def __init__(self, code: Code, **params: Param) -> None:
        super().__init__(code, params)
        self.reason = Reason(code, params)
