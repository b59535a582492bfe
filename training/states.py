"""The eleven states of a training job and what may follow what: the only place that knows.

Source: ftc-ml's job states; the spelling of each value is its own.
"""

from django.db.models import TextChoices


class JobState(TextChoices):
    QUEUED = "QUEUED"
    PREPARING = "PREPARING"
    RUNNING = "RUNNING"
    STOP_REQUESTED = "STOP REQUESTED"
    STOPPING = "STOPPING"
    STOPPED = "STOPPED"
    CANCELED = "CANCELED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TRY_AGAIN_LATER = "TRY_AGAIN_LATER"
    STATE_UNSPECIFIED = "STATE_UNSPECIFIED"


S = JobState

# state -> the states that may follow it
TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    S.QUEUED: frozenset({S.PREPARING, S.STOPPED, S.CANCELED, S.FAILED, S.STATE_UNSPECIFIED}),
    S.PREPARING: frozenset({S.RUNNING, S.QUEUED, S.STOP_REQUESTED, S.FAILED, S.SUCCEEDED, S.STATE_UNSPECIFIED}),
    S.RUNNING: frozenset({S.QUEUED, S.STOP_REQUESTED, S.STOPPED, S.SUCCEEDED, S.FAILED, S.STATE_UNSPECIFIED}),
    S.STOP_REQUESTED: frozenset({S.STOPPING, S.STOPPED, S.CANCELED, S.SUCCEEDED, S.STATE_UNSPECIFIED}),
    S.STOPPING: frozenset({S.STOPPED, S.CANCELED, S.SUCCEEDED, S.STATE_UNSPECIFIED}),
    S.TRY_AGAIN_LATER: frozenset({S.QUEUED, S.CANCELED, S.STATE_UNSPECIFIED}),
    S.STATE_UNSPECIFIED: frozenset({S.STOPPED, S.CANCELED, S.FAILED}),
    S.STOPPED: frozenset(),
    S.CANCELED: frozenset(),
    S.SUCCEEDED: frozenset(),
    S.FAILED: frozenset(),
}

TERMINAL = frozenset(state for state, following in TRANSITIONS.items() if not following)
# A worker holds a lease on a job in one of these.
LEASED = frozenset({S.PREPARING, S.RUNNING, S.STOP_REQUESTED, S.STOPPING})
# A worker has it or will have it.
ALIVE = LEASED | {S.QUEUED}
# Goes on by itself, and counts for settings.TEAM_MAX_JOBS. Pages of jobs in one of these refresh themselves.
ON_ITS_WAY = ALIVE | {S.TRY_AGAIN_LATER}
STOPPABLE = frozenset({S.QUEUED, S.PREPARING, S.RUNNING, S.TRY_AGAIN_LATER, S.STATE_UNSPECIFIED})


class IllegalTransition(Exception):
    """Code asked for a change of state that the table does not allow."""


def check_transition(old: JobState | str, new: JobState | str) -> None:
    """Raise IllegalTransition unless `new` may follow `old`."""
    if JobState(new) not in TRANSITIONS[JobState(old)]:
        raise IllegalTransition(f"{old} -> {new} is not a transition of a training job")
