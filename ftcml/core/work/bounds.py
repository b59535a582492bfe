"""What slow work on one row may use, and why it ends without a result."""

from dataclasses import dataclass
from enum import Enum

from ftcml.core.reasons import Break, Reason
from machine.children import Limit, Limits


class Stuck(Enum):
    """A processor worked for long without a sign of life from the child."""

    STEP = "step"


Overrun = Limit | Stuck


@dataclass(frozen=True)
class Bounds:
    """What one attempt may use. `step_seconds`: how long a processor may be at one step, such as one file."""

    limits: Limits
    step_seconds: int

    def exceeded(self, overrun: Overrun) -> Reason:
        """Return why an attempt was ended that took too much."""
        if overrun is Stuck.STEP:
            return Reason(Break.STUCK, {"minutes": self.step_seconds // 60})
        if overrun is Limit.MEMORY:
            return self.broke(Break.TOO_MUCH_MEMORY)
        seconds = self.limits.processor_seconds if overrun is Limit.PROCESSOR else self.limits.seconds
        return Reason(Break.TOO_MUCH_TIME, {"minutes": seconds // 60})

    def broke(self, broken: Break) -> Reason:
        """Return why work broke."""
        took_memory = broken is Break.TOO_MUCH_MEMORY
        return Reason(broken, {"gigabytes": self.limits.memory_bytes / 1e9} if took_memory else {})
