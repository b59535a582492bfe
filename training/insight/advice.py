"""What to try next with a job, in the words of a student. The reason for its state stands beside it."""

from detector.contract.failure import Cause
from training.models import TrainingJob
from training.reasons import Code
from training.states import ALIVE, JobState

_PRODUCE_AGAIN = (
    "The dataset's files on the server are damaged. Delete it, import its zip once more, and train on the new one."
)
_LABEL_SOME = (
    "Open the dataset on the Datasets tab: the frames must show boxes around what the robot is to find. "
    "Import a dataset with such frames."
)
_TELL_THE_OPERATOR = "Nothing in your dataset is wrong. Show this page to the person who runs the server."
_STARTS_SMALLER = (
    "Nothing in your dataset is wrong. Start a training with SSD MobileNet v2 320x320 or with fewer frames: both need "
    "less memory. If that ends the same way, show this page to the person who runs the server."
)
_ONCE_MORE = (
    "Start the same training once more. If it ends the same way, show this page to the person who runs the server."
)
_WAIT = "You don't need to do anything. It uses no minutes while it waits."
_STOP_AND_START = (
    "Press Stop Training: the job ends, and the minutes that it did not use come back. Then start it again. "
    "Tell the person who runs the server as well."
)

# By the code of the reason. What people did says no more than the state.
BY_CODE: dict[str, str] = {
    Cause.NO_LABEL: _LABEL_SOME,
    Cause.NO_TRAINING_FRAME: "Import a dataset with more training frames: lower the part that is kept for evaluation.",
    Cause.NO_BOX: _LABEL_SOME,
    Cause.UNKNOWN_LABEL: _PRODUCE_AGAIN,
    Cause.UNREADABLE: _PRODUCE_AGAIN,
    Cause.FRAMES_ARE_MISSING: _PRODUCE_AGAIN,
    Cause.DIVERGED: (
        "Open the dataset's frames and look for boxes that are tiny, cover the whole picture, or have the wrong label. "
        "If they are all right, start again with another starting model."
    ),
    Cause.DISK_IS_FULL: (
        "Delete models and datasets that your team does not need any more, and ask the person who runs the server "
        "for room. Then start the training again."
    ),
    Cause.NO_MEMORY: _STARTS_SMALLER,
    Cause.NO_GPU: _TELL_THE_OPERATOR,
    Cause.NO_TPU: _TELL_THE_OPERATOR,
    Cause.WEIGHTS_ARE_GONE: "Start a new training: it takes the weights that this server has now.",
    Cause.UNKNOWN_MODEL: "Start a new training with one of the starting models on the list.",
    Cause.NO_ORDER: _ONCE_MORE,
    Cause.UNCLEAR_ORDER: _ONCE_MORE,
    Cause.OTHER_FORMAT: _TELL_THE_OPERATOR,
    Cause.LESS_THAN_ONE: "Start a new training with more steps.",
    Cause.NO_PARENT: _ONCE_MORE,
    Cause.PROGRAM_ERROR: _ONCE_MORE,
    Code.SWITCHED_OFF: _WAIT,
    Code.QUEUE_IS_FULL: _WAIT,
    Code.NO_WORKER: f"{_WAIT} If it stays like this, show this page to the person who runs the server.",
    Code.TOO_LITTLE_TIME: "Ask your coach for more minutes. Or stop this training and start one with fewer.",
    Code.ROOM_AGAIN: "Nothing to do: it starts by itself.",
    Code.CANCELED_BY_TEAM: "There is nothing to keep. Start a new training when you are ready.",
    Code.STOPPED_BY_TEAM: "Download the model and try it. If it misses too much, train it more.",
    Code.OUT_OF_TIME_AT_ONCE: "Start again, and take the minutes that the Start Training dialog estimates.",
    Code.OUT_OF_TIME: (
        "Download the model and try it. If it misses too much, train it more, with enough minutes: "
        "the Start Training dialog says how many this server needs."
    ),
    Code.KILLED: _STARTS_SMALLER,
    Code.CRASHED: _ONCE_MORE,
    Code.NO_RESULT: _ONCE_MORE,
    Code.STUCK: _ONCE_MORE,
    Code.STORAGE_IS_AWAY: _ONCE_MORE,
    Code.SERVER_BROKE: _ONCE_MORE,
    Code.SHUT_DOWN: _ONCE_MORE,
    Code.WORKER_IS_GONE: _ONCE_MORE,
    Code.LOST_CHECKPOINT: _STOP_AND_START,
    Code.LOST_PARENT: (
        "Press Stop Training: the job ends, and the minutes that it did not use come back. Then start a new training "
        "from a starting model. Tell the person who runs the server as well."
    ),
    Code.LOST_FOLDER: _STOP_AND_START,
    Code.NO_WORKER_HAS_IT: _STOP_AND_START,
    Code.A_WORKER_HAS_IT: _STOP_AND_START,
    Code.OTHER_STEP: _STOP_AND_START,
}

# Where the reason says no more than the state does.
BY_STATE: dict[JobState, str] = {
    JobState.QUEUED: "Nothing to do: it starts by itself, and goes on from its newest checkpoint if it has one.",
    JobState.PREPARING: "Nothing to do: the first step comes within a few minutes.",
    JobState.RUNNING: "Nothing to do: numbers come with every checkpoint. Stop Training keeps what was learned.",
    JobState.STOP_REQUESTED: "Nothing to do: it ends within a minute.",
    JobState.STOPPING: "Nothing to do: it ends within a minute.",
    JobState.STOPPED: "Download the model and try it. If it misses too much, train it more.",
    JobState.CANCELED: "There is nothing to keep. Start a new training when you are ready.",
    JobState.SUCCEEDED: "Download the model and try it on frames that it has not seen.",
    JobState.FAILED: _ONCE_MORE,
    JobState.TRY_AGAIN_LATER: _WAIT,
    JobState.STATE_UNSPECIFIED: _STOP_AND_START,
}


def advice(job: TrainingJob) -> str:
    """A sentence or two for the job's state and the reason for it; never empty."""
    state = JobState(job.state)
    if state in ALIVE:  # the reason is that of its last change, which the server deals with by itself
        return BY_STATE[state]
    return BY_CODE.get(job.reason_code, BY_STATE[state])
