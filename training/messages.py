"""The words for a job's reasons; those of a trainer's causes are in contract/failure.py.

Pages, the API, logs and commands ask for them when they show a reason; the database keeps codes (reasons.py).
"""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import ordinal
from django.template.defaultfilters import pluralize

from detector.contract import failure
from ftcml.accounts.services import ledger
from ftcml.core.reasons import Given
from training.reasons import Code, Note, Param, Reason

_MINUTE = 60

_BY_ITSELF = "This training is queued by itself when"

SERVER: dict[Code, str] = {
    Code.STARTED: "started",
    Code.TRIED_AGAIN: "tried again by {by}",
    Code.STOP_WANTED: "stopped by {by}",
    Code.ROOM_AGAIN: "There was room again, so the server queued it by itself.",
    Code.SWITCHED_OFF: (
        f"Training is switched off on this server{{in_brackets}}. {_BY_ITSELF} it is switched on again. "
        "Ask {support} when that is."
    ),
    Code.QUEUE_IS_FULL: (
        f"The queue is full: {{waiting}} {{trainings_wait}}, the most that this server lets wait. {_BY_ITSELF} there "
        "is room."
    ),
    Code.NO_WORKER: (
        f"No training worker has been seen for {{minutes}} minutes. {_BY_ITSELF} one is back. If that takes long, "
        "tell {support}."
    ),
    Code.TOO_LITTLE_TIME: ledger.TOO_LITTLE_TIME,
    Code.STOPPED_BY_TEAM: "Stopped by your team.",
    Code.CANCELED_BY_TEAM: "Stopped by your team before the first training step.",
    Code.OUT_OF_TIME: "maximum training time reached",
    Code.OUT_OF_TIME_AT_ONCE: (
        "The maximum training time was over before the first training step. Start again with more minutes."
    ),
    Code.SHUT_DOWN: "The training worker was shut down; the job goes on when it is back.",
    Code.WORKER_IS_GONE: "The training worker or its machine is gone.",
    Code.KILLED: "The training process was killed, most likely because the machine ran out of memory.",
    Code.CRASHED: "The training process crashed ({signal}).",
    Code.NO_RESULT: "The training process ended without a result (code {exit_code}).",
    Code.STUCK: "The training process was stuck for {minutes} minutes.",
    Code.STORAGE_IS_AWAY: "The server's file storage did not answer.",
    Code.SERVER_BROKE: "Something in the server broke during this job ({error}).",
    Code.LOST_CHECKPOINT: "The server has lost the files of this job's newest checkpoint. Tell {support}.",
    Code.LOST_PARENT: "The server has lost the files of {parent}, which this job was to train more. Tell {support}.",
    Code.LOST_FOLDER: "The folder in which this job was training is gone. Tell {support}.",
    Code.NO_WORKER_HAS_IT: "This job is {state} and no worker has it. Tell {support}.",
    Code.A_WORKER_HAS_IT: "This job is {state} while a worker has it. Tell {support}.",
    Code.OTHER_STEP: ("This job counts {steps} steps, and its newest checkpoint is of step {newest}. Tell {support}."),
    Code.OTHER: "{text}",
}

NOTES: dict[Note, str] = {
    Note.NOT_IMPROVED: "{your_steps} didn't improve it, so you get the model from step {model_step}.",
    Note.EARLIER_IS_BETTER: (
        "Step {last_step} didn't score higher than step {model_step}, so you get the model from step {model_step}."
    ),
}

# Said after any reason that has the param.
FOLLOWING = {
    failure.KEPT_STEP: failure.KEPT,
    "deaths": (
        "That makes {deaths} ends in a row without a new checkpoint, so the training was given up. "
        "Ask {support} to look at the log."
    ),
}

_MESSAGES = {str(code): said for code, said in (*SERVER.items(), *NOTES.items(), *failure.WORDS.items())}


def in_line(place: int, seconds: int | None) -> str:
    """Return where a job stands that waits: 2nd in line, starts in about 12 minutes."""
    begin = "Next in line" if place == 1 else f"{ordinal(place)} in line"
    if seconds is None:
        return begin
    if seconds < _MINUTE:
        return f"{begin}, starts in less than a minute"
    hours, minutes = divmod(round(seconds / _MINUTE), 60)
    time = [f"{hours} hour{pluralize(hours)}"] * bool(hours) + [f"{minutes} minute{pluralize(minutes)}"] * bool(minutes)
    return f"{begin}, starts in about {' '.join(time)}"


def words(reason: Reason) -> str:
    """Return the sentences for a reason, "" for none, and for a code that this version does not know."""
    if reason.code not in _MESSAGES:
        return ""
    given = Given({**reason.params, "support": settings.SUPPORT_CONTACT, **_inflected(reason.params)})
    templates = [_MESSAGES[reason.code], *(said for param, said in FOLLOWING.items() if param in reason.params)]
    return " ".join(template.format_map(given) for template in templates)


def _inflected(params: Mapping[str, Param]) -> dict[str, str]:
    """What depends on a param, such as a plural."""
    because = params.get("because")
    return {
        "in_brackets": f" ({because})" if because else "",
        "your_steps": "Your new step" if params.get("steps") == 1 else f"Your {params.get('steps')} new steps",
        "trainings_wait": "training" + pluralize(params.get("waiting", 0), " waits,s wait"),
    }
