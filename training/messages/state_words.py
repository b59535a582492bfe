"""What each state of a training means."""

from training.states import JobState

# The legend: one short line each.
MEANINGS: dict[JobState, str] = {
    JobState.QUEUED: "Waiting for a free training worker.",
    JobState.PREPARING: "Loading your frames and building the model.",
    JobState.RUNNING: "Training. Only this state uses minutes.",
    JobState.STOP_REQUESTED: "Somebody asked it to stop. It ends soon.",
    JobState.STOPPING: "Saving the last checkpoint.",
    JobState.STOPPED: "Ended early. You keep the model trained so far.",
    JobState.CANCELED: "Stopped before the first checkpoint, so there is no model.",
    JobState.SUCCEEDED: "Trained all its steps.",
    JobState.FAILED: "Training failed. The reason stands next to it.",
    JobState.TRY_AGAIN_LATER: "The server can't queue it now. It tries again by itself.",
    JobState.STATE_UNSPECIFIED: "Something unexpected happened. Stop it to get its minutes back.",
}
