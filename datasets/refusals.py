from datasets import messages
from datasets.reasons import Code, Param, Reason


class DatasetRefused(Exception):
    """What was given cannot become a dataset, or what was asked for cannot be done.

    `reason` says why; str() is its sentence, to show.
    """

    def __init__(self, code: Code, **params: Param) -> None:
        super().__init__(code, params)
        self.reason = Reason(code, params)

    def __str__(self) -> str:
        return messages.words(self.reason)


class DatasetInUse(DatasetRefused):
    """A model uses the dataset; the reason names the models."""
