"""What is said of models that label: why a run or a quick assistant failed, what it costs, what an audit finds."""

from django.template.defaultfilters import pluralize

from training.reasons import RunFailure

FAILURES: dict[RunFailure, str] = {
    RunFailure.NO_MODEL_FILE: "The server lost the file of this model. Choose another model.",
    RunFailure.CRASHED: "The model crashed {times} times on these frames. Choose another model, or tell {support}.",
    RunFailure.OTHER: "{text}",
    RunFailure.STUCK: "The model was stuck at one frame. Start again after it, or tell {support}.",
    RunFailure.TOO_MUCH_TIME: "The model took over {minutes} minutes. Start again to do the rest.",
    RunFailure.TOO_MUCH_MEMORY: "The model took too much memory. Choose a smaller model, or tell {support}.",
    RunFailure.DISK_IS_FULL: "The server's disk is full. Tell {support}.",
    RunFailure.NO_WORK_FOLDER: "The server couldn't make a folder to work in. Tell {support}.",
    RunFailure.STORAGE_IS_AWAY: "The server's file storage didn't respond. Try again in a minute.",
    RunFailure.SERVER_BROKE: "Something broke on the server. Try again, and tell {support} if that lasts.",
    RunFailure.NO_DATASET: "We couldn't produce a dataset of your labeled frames. {text}",
    RunFailure.NO_MODEL: "The training ended without a model. Look at it on the Models tab.",
}

# The names of what a quick assistant makes.
ASSISTANT = "Quick assistant"

PURPOSES = {
    "proposals": "Proposing boxes",
    "helpful": "Looking for the frames that help most",
    "audit": "Checking the labels",
}


def assistant_dataset(video: str, most: int) -> str:
    """Return what the dataset of a video's quick assistant is called, in at most so many characters."""
    ending = ", quick assistant"
    room = most - len(ending)
    return (video if len(video) <= room else f"{video[: room - 1].rstrip()}…") + ending


def assistant_costs(steps: int, minutes: int, estimate: int | None) -> str:
    """Return what a quick assistant takes of the team's training minutes."""
    about = f"about {estimate} minute{pluralize(estimate)}" if estimate else "a few minutes"
    return (
        f"It trains {steps} steps, which takes {about}. It reserves {minutes} of your team's training minutes, and "
        "gives back what it doesn't use."
    )


def finding(kind: str, label: str, other: str) -> str:
    """Return what an audit found, in a line."""
    return {
        "not_labeled": f"The model finds “{label}” here, and there's no box.",
        "not_found": f"The model doesn't find this “{label}”.",
        "other_label": f"This “{label}” looks more like “{other}”.",
    }.get(kind, "")
