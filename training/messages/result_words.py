"""The words about what a model reached: its results, its pictures, its curves, and how it compares."""

from enum import StrEnum

from django.template.defaultfilters import pluralize

from training.messages.model_words import count_as_one


class Finding(StrEnum):
    """What the curves of a training say."""

    TOO_EARLY = "too early to say"
    NO_EVALUATION = "no evaluation"
    IMPROVING = "still improving"
    SETTLED = "settled"
    OVERTRAINING = "overtraining"


TITLES = {
    Finding.TOO_EARLY: "Too few checkpoints to see a trend",
    Finding.NO_EVALUATION: "Not measured: there are no evaluation frames",
    Finding.IMPROVING: "Yes, it's still improving",
    Finding.SETTLED: "No, it has stopped improving",
    Finding.OVERTRAINING: "No, it's memorizing your frames (overfitting)",
}

# --- why there is nothing to show -----------------------------------------------------------------

NONE_MEASURED = "No checkpoint of this model was measured on evaluation frames."
NO_EVALUATION_FRAMES = (
    "This model's datasets have no evaluation frames, so there's nothing to measure it with. On a dataset's "
    "page, move about 20% of its frames to evaluation. Then train again."
)
BEING_MEASURED = "The last checkpoint is being measured. Its results come in a few minutes."
NOTHING_MEASURED = "No checkpoint of this training was measured. Try the model on a few pictures, or train it more."
ENDED_BEFORE_CHECKPOINT = (
    "This training ended before its first checkpoint, so there's nothing to show. Start another one."
)
NOT_COUNTED = "An earlier version of ftcml trained this model and didn't count its results. Train it again to see them."


def counted_as_the_file(max_detections: int, overlap_percent: int) -> str:
    """Return which boxes of a frame count: those that the model's file gives."""
    at_most = f"at most {max_detections} box{pluralize(max_detections, 'es')} a frame"
    return f"We count what the model's file gives: {at_most}. {count_as_one(overlap_percent)}"


def first_checkpoint(interval: int) -> str:
    return f"The first results come with the first checkpoint, after {interval} steps."


def no_results(step: int) -> str:
    return f"There are no results for step {step:,}. Leave the step out to get the best checkpoint."


def step_not_measured(step: int) -> str:
    return f"Step {step:,} wasn't measured on evaluation frames."


def step_lost(step: int) -> str:
    return f"The server lost what step {step:,} found. Choose another step."


def step_of_another_version(step: int) -> str:
    return f"Another version of ftcml measured step {step:,}. Train the model again to see its boxes."


def step_damaged(step: int) -> str:
    return f"The file with what step {step:,} found is damaged. Choose another step."


# --- comparing models -----------------------------------------------------------------------------

CHOOSE_TWO = "Choose two models to compare."
NO_FRAME_IN_COMMON = "These models were measured on different frames, so there are no pictures to compare."
NO_STEP = "That isn't a step. Write a whole number."


def not_measured(model: str) -> str:
    return f"“{model}” wasn't measured on evaluation frames, so there are no pictures to compare."


def too_many_compared(most: int) -> str:
    return f"You can compare up to {most} other models. Uncheck some of them."


# --- the curves -----------------------------------------------------------------------------------


def too_few_checkpoints(checkpoints: int, fewest: int) -> str:
    """Return why no trend is known. `fewest`: the checkpoints that show one."""
    are = "is 1 checkpoint" if checkpoints == 1 else f"are {checkpoints} checkpoints"
    return f"There {are} so far. It takes {fewest} to tell a trend from chance."


def training_loss(checkpoints: int, change: float, direction: int) -> str:
    """Return how the training loss moved over the last checkpoints."""
    moved = _moved(change, direction)
    return f"A loss counts mistakes. Over the last {checkpoints} checkpoints the training loss {moved}."


def evaluation_loss(change: float, direction: int) -> str:
    return f"The evaluation loss {_moved(change, direction)}."


def mean_precision(change: float, direction: int, best_step: int, best: float) -> str:
    """Return how the mAP moved, and which checkpoint is the best."""
    return f"The mAP {_moved(change, direction)}. The best checkpoint is step {best_step:,} ({best:.2f})."


def _moved(change: float, direction: int) -> str:
    size = f"{abs(change):.2g}"
    if direction:
        return f"{'rose' if direction > 0 else 'fell'} by {size}"
    return "didn't move" if float(size) == 0 else f"didn't clearly move (by {size})"
