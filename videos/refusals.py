from videos import messages
from videos.reasons import Code, Param, Reason


class VideoRefused(Exception):
    """What was given can't become a video, or what was asked for can't be done.

    `reason` says why; str() is its sentence, to show.
    """

    def __init__(self, code: Code, **params: Param) -> None:
        super().__init__(code, params)
        self.reason = Reason(code, params)

    def __str__(self) -> str:
        return messages.words(self.reason)


class VideoInUse(VideoRefused):
    """A dataset uses the video; the reason names the datasets."""
