"""The words for a job's reasons; those of a trainer's causes are in contract/failure.py."""

from collections.abc import Mapping

from django.contrib.humanize.templatetags.humanize import ordinal
from django.template.defaultfilters import pluralize

from detector.contract import failure
from ftcml.accounts import messages as of_accounts
from training.reasons import Code, Note, Param

_MINUTE = 60

SERVER: dict[Code, str] = {
    Code.STARTED: "started",
    Code.TRIED_AGAIN: "retried by {by}",
    Code.STOP_WANTED: "stopped by {by}",
    Code.ROOM_AGAIN: "There was room again, so the server queued it.",
    Code.SWITCHED_OFF: "Training is switched off on this server{in_brackets}. Ask {support} when it will be on again.",
    Code.QUEUE_IS_FULL: (
        "The queue is full: {waiting} {trainings_wait}, from all teams on this server. When one starts, the next can "
        "join."
    ),
    Code.NO_WORKER: ("No training worker has reported for {minutes} minutes. If that lasts, tell {support}."),
    Code.TOO_LITTLE_TIME: of_accounts.TOO_LITTLE_TIME,
    Code.STOPPED_BY_TEAM: "Stopped by your team.",
    Code.CANCELED_BY_TEAM: "Stopped by your team before the first training step.",
    Code.OUT_OF_TIME: "It reached its maximum training time.",
    Code.OUT_OF_TIME_AT_ONCE: "Its time ran out before the first training step. Start again with more minutes.",
    Code.HANDED_OVER: "The training worker is taken out of use. Training resumes on another one.",
    Code.SHUT_DOWN: "The training worker was shut down. Training resumes when it is back.",
    Code.WORKER_IS_GONE: "The training worker stopped responding.",
    Code.KILLED: "Training was killed, most likely because the server ran out of memory.",
    Code.CRASHED: "Training crashed ({signal}).",
    Code.NO_RESULT: "Training crashed (exit code {exit_code}).",
    Code.STUCK: "Training was stuck for {minutes} minutes.",
    Code.STORAGE_IS_AWAY: "The server's file storage didn't respond.",
    Code.SERVER_BROKE: "Something broke on the server during this training ({error}).",
    Code.LOST_CHECKPOINT: "The server lost the files of this training's newest checkpoint. Tell {support}.",
    Code.LOST_PARENT: "The server lost the files of {parent}, which this training builds on. Tell {support}.",
    Code.LOST_FOLDER: "The server lost the folder of this training. Tell {support}.",
    Code.NO_WORKER_HAS_IT: "This training is {state}, but no worker works on it. Tell {support}.",
    Code.A_WORKER_HAS_IT: "This training is {state}, but a worker still works on it. Tell {support}.",
    Code.OTHER_STEP: (
        "This training counts {steps:,} steps, but its newest checkpoint is step {newest:,}. Tell {support}."
    ),
    Code.OTHER: "{text}",
}

NOTES: dict[Note, str] = {
    Note.NOT_IMPROVED: "{your_steps} didn't improve it, so you get the model from step {model_step:,}.",
    Note.EARLIER_IS_BETTER: (
        "Step {last_step:,} scored lower than step {model_step:,}, so you get the model from step {model_step:,}."
    ),
    # These hold too for models of a version that didn't measure all of it.
    Note.LAST_NOT_MEASURED: (
        "Step {last_step:,} wasn't measured, so you get the model from step {model_step:,}, the best one that was "
        "measured."
    ),
    Note.NOT_MEASURED: "This model wasn't measured. Try it on a few pictures before you use it.",
    Note.PARENT_NOT_MEASURED: (
        "“{parent}” may be better than this model. The server didn't compare them, so try both."
    ),
}

# Said after any reason that has the param.
FOLLOWING = {
    failure.KEPT_STEP: failure.KEPT,
    "deaths": (
        "Training crashed {deaths} times without making progress, so we stopped it. Your team got its unused minutes "
        "back. Start it once more. If it crashes again, ask {support} to look at the log."
    ),
}


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


def inflected(params: Mapping[str, Param]) -> dict[str, str]:
    """Return what depends on a param, such as a plural."""
    because, steps = params.get("because"), params.get("steps")
    new_steps = f"{steps:,} new steps" if isinstance(steps, int) else "new steps"
    return {
        "in_brackets": f" ({because})" if because else "",
        "your_steps": "Your new step" if steps == 1 else f"Your {new_steps}",
        "trainings_wait": "training" + pluralize(params.get("waiting", 0), " is waiting,s are waiting"),
    }
