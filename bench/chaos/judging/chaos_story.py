"""What a training job went through: read from its rows and files by chaos_rows.py, judged by chaos_verdict.py."""

from dataclasses import dataclass
from datetime import datetime

# Names the data folders of other machines whose workers have worked on the judged server's jobs.
OTHER_DATA = "FTCML_BENCH_OTHER_DATA"


@dataclass(frozen=True)
class Change:
    """A change of state. `reason`: the code of its reason."""

    old: str
    new: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Published:
    """A published checkpoint. `attempts`: whose files it refers to, by their lease numbers."""

    step: int
    lease_number: int
    at: datetime
    attempts: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Attempt:
    """What an attempt's job.json told it: to go on from `resume_step`, with a checkpoint every `interval` steps."""

    lease_number: int
    resume_step: int
    interval: int


@dataclass(frozen=True)
class Story:
    """One job. `reason`: in words. `points`: (split, tag, step) of every metric.

    `entries`: (kind, seconds) of the ledger. `model_attempts`: whose model files it refers to, by their lease numbers.
    """

    job: str
    state: str
    reason: str
    reason_code: str
    steps_requested: int
    steps_completed: int
    max_seconds: int
    training_seconds: int
    lease_number: int
    changes: tuple[Change, ...]
    checkpoints: tuple[Published, ...]
    attempts: tuple[Attempt, ...]
    points: tuple[tuple[str, str, int], ...]
    entries: tuple[tuple[str, int], ...]
    model_attempts: frozenset[int]


@dataclass(frozen=True)
class Account:
    """A team's balance of training seconds, and what its entries come to."""

    team: str
    balance: int
    sum_of_entries: int
