"""The words of a model's next step: by the reason for its state, and by its result. next_step.py chooses."""

from dataclasses import dataclass
from enum import StrEnum

from detector.contract.failure import Cause
from training.reasons import Code
from training.states import JobState


class Action(StrEnum):
    """What to do next. Each but the first two has a button on the pages of a model."""

    WAIT = "wait"
    ASK = "ask"  # a person: the coach, or the operator
    STOP = "stop"
    RETRY = "retry"
    MORE = "train more"
    DATASETS = "datasets"
    IMAGES = "images"
    TRY_IT = "try it"
    ROBOT_CODE = "robot code"
    DOWNLOAD = "download"


@dataclass(frozen=True)
class NextStep:
    """One action, and the one or two sentences that stand beside its button. `{support}`: whom to ask."""

    action: Action
    words: str


_IMPORT_AGAIN = NextStep(
    Action.DATASETS,
    "The dataset's files are damaged. Delete the dataset, import or produce it again, and train on the new one.",
)
_LABEL_SOME = NextStep(
    Action.DATASETS,
    "The training frames need boxes around the objects that your robot should find. Import a dataset that has them.",
)
_TELL_THE_OPERATOR = NextStep(Action.ASK, "Your dataset is fine. Show this page to {support}.")
_START_SMALLER = NextStep(
    Action.DATASETS,
    "Your dataset is fine, but the server ran out of memory. Start again with fewer frames, or choose SSD MobileNet v2 "
    "320x320.",
)
_ONCE_MORE = NextStep(Action.DATASETS, "Start the same training again. If it fails again, show this page to {support}.")
_STOP_AND_START = NextStep(
    Action.STOP,
    "Stop it: your team gets the unused minutes back. Then start it again, and show this page to {support}.",
)
_WAIT_FOR_ROOM = NextStep(Action.WAIT, "Just wait: we start it as soon as we can. Waiting uses no minutes.")
_START_WHEN_READY = NextStep(Action.DATASETS, "There's no model to keep. Start a new training when you're ready.")

# A trainer that failed so may have been unlucky: with a checkpoint of its own, it can continue there.
MAY_CONTINUE = frozenset(
    {
        Cause.NO_ORDER,
        Cause.UNCLEAR_ORDER,
        Cause.PROGRAM_ERROR,
        Code.CRASHED,
        Code.NO_RESULT,
        Code.STUCK,
        Code.STORAGE_IS_AWAY,
        Code.SERVER_BROKE,
        Code.SHUT_DOWN,
        Code.HANDED_OVER,
        Code.WORKER_IS_GONE,
    }
)

# By the code of the reason, where that says more than the state.
BY_CODE: dict[str, NextStep] = {
    **dict.fromkeys(map(str, MAY_CONTINUE), _ONCE_MORE),
    Cause.NO_LABEL: _LABEL_SOME,
    Cause.NO_TRAINING_FRAME: NextStep(
        Action.DATASETS, "Open the dataset and move most of its frames to training. Then train again."
    ),
    Cause.NO_BOX: _LABEL_SOME,
    Cause.UNKNOWN_LABEL: _IMPORT_AGAIN,
    Cause.UNREADABLE: _IMPORT_AGAIN,
    Cause.FRAMES_ARE_MISSING: _IMPORT_AGAIN,
    Cause.DIVERGED: NextStep(
        Action.DATASETS,
        "Look for boxes that are tiny, cover the whole picture, or have the wrong label. If there are none, choose "
        "another starting model.",
    ),
    Cause.DISK_IS_FULL: NextStep(
        Action.DATASETS,
        "Delete datasets and models that your team doesn't need, and ask {support} for space. Then start again.",
    ),
    Cause.NO_MEMORY: _START_SMALLER,
    Cause.NO_GPU: _TELL_THE_OPERATOR,
    Cause.NO_TPU: _TELL_THE_OPERATOR,
    Cause.WEIGHTS_ARE_GONE: NextStep(
        Action.DATASETS, "Start a new training: it uses the weights that this server has now."
    ),
    Cause.UNKNOWN_MODEL: NextStep(Action.DATASETS, "Start a new training with a starting model from the list."),
    Cause.OTHER_FORMAT: _TELL_THE_OPERATOR,
    Cause.LESS_THAN_ONE: NextStep(Action.DATASETS, "Start a new training with more steps."),
    Cause.NO_PARENT: _ONCE_MORE,
    Code.SWITCHED_OFF: _WAIT_FOR_ROOM,
    Code.QUEUE_IS_FULL: _WAIT_FOR_ROOM,
    Code.NO_WORKER: NextStep(
        Action.WAIT, "Just wait: we start it as soon as we can. If that takes long, show this page to {support}."
    ),
    Code.TOO_LITTLE_TIME: NextStep(Action.RETRY, "Ask your coach for more minutes, then try again."),
    Code.ROOM_AGAIN: _WAIT_FOR_ROOM,
    Code.CANCELED_BY_TEAM: _START_WHEN_READY,
    Code.STOPPED_BY_TEAM: _START_WHEN_READY,
    Code.OUT_OF_TIME_AT_ONCE: NextStep(Action.DATASETS, "Start again with at least the minutes that we suggest."),
    Code.OUT_OF_TIME: NextStep(Action.DATASETS, "Start again with at least the minutes that we suggest."),
    Code.KILLED: _START_SMALLER,
    Code.LOST_CHECKPOINT: _STOP_AND_START,
    Code.LOST_PARENT: NextStep(
        Action.STOP,
        "Stop it: your team gets the unused minutes back. Then start a new training from a starting model.",
    ),
    Code.LOST_FOLDER: _STOP_AND_START,
    Code.NO_WORKER_HAS_IT: _STOP_AND_START,
    Code.A_WORKER_HAS_IT: _STOP_AND_START,
    Code.OTHER_STEP: _STOP_AND_START,
}

# Where the reason says no more than the state does, and there is no model.
BY_STATE: dict[JobState, NextStep] = {
    JobState.QUEUED: NextStep(Action.WAIT, "Just wait: it starts by itself when a training worker is free."),
    JobState.PREPARING: NextStep(Action.WAIT, "Just wait: the first step comes within a few minutes."),
    JobState.RUNNING: NextStep(Action.WAIT, "Let it train. The numbers update at every checkpoint."),
    JobState.STOP_REQUESTED: NextStep(Action.WAIT, "Just wait: it ends within a minute."),
    JobState.STOPPING: NextStep(Action.WAIT, "Just wait: it ends within a minute."),
    JobState.STOPPED: _START_WHEN_READY,
    JobState.CANCELED: _START_WHEN_READY,
    JobState.SUCCEEDED: _START_WHEN_READY,
    JobState.FAILED: _ONCE_MORE,
    JobState.TRY_AGAIN_LATER: _WAIT_FOR_ROOM,
    JobState.STATE_UNSPECIFIED: _STOP_AND_START,
}

# While it runs.
MEMORIZES_NOW = NextStep(
    Action.STOP, "It has started to memorize your frames. Stop it now: you keep the best checkpoint."
)
SETTLED_NOW = NextStep(Action.STOP, "It has stopped improving. Stop it to save minutes: you keep the best checkpoint.")

# When it has ended, with a model or on the way to one.
PACKAGING = NextStep(Action.WAIT, "Just wait: we're packaging your model. That takes a minute.")
CANNOT_PACKAGE = NextStep(Action.ASK, "We couldn't make the model file. Show this page to {support}.")
CONTINUE = NextStep(
    Action.MORE,
    "Train it more to continue from its last checkpoint. If it fails again, show this page to {support}.",
)
GOOD = NextStep(Action.TRY_IT, "It works well on your evaluation frames. Now try it on something new.")
NOT_MEASURED = NextStep(Action.TRY_IT, "We couldn't measure it on evaluation frames. Try it to see what it finds.")
MORE_STEPS = "It can still get better. Train it about {steps:,} more steps."
MORE_MINUTES = "It ran out of time. Train it about {steps:,} more steps, with more minutes."
LOOK_AT_MISTAKES = NextStep(Action.IMAGES, "Look at what it gets wrong.")
SETTLED = NextStep(Action.IMAGES, "More steps won't help much. Look at what it gets wrong.")
MEMORIZES = NextStep(
    Action.DATASETS, "It memorizes your frames. Add frames from other places and lighting, then train again."
)

# On the page that a step leads to, what comes after it.
AFTERWARDS: dict[Action, NextStep] = {
    Action.IMAGES: NextStep(Action.DATASETS, "Add frames like those it gets wrong, then train again."),
    Action.TRY_IT: NextStep(Action.ROBOT_CODE, "Does it find the right things? Then put it on your robot."),
    Action.ROBOT_CODE: NextStep(Action.DOWNLOAD, "Get the model file, then follow the steps below."),
}
