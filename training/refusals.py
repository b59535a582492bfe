from training import messages
from training.reasons import Code, Param, Reason, Refusal


class JobRefused(Exception):
    """A job can't be started, stopped, deleted or restored.

    `reason` says why; str() is its sentence, to show. `field`: the choice that the person has to change, by its name in
    TrainingChoices; "" where it is none of them.
    """

    def __init__(self, code: Code | Refusal | str, field: str = "", **params: Param) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)
        self.field = field

    def __str__(self) -> str:
        return messages.words(self.reason)

    @classmethod
    def of(cls, reason: Reason) -> "JobRefused":
        """Return the refusal for a reason that was found already."""
        return cls(reason.code, "", **reason.params)
