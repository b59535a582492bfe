"""The numbers and the advice of the Start Training and More Training pop-ups, for pages and API alike.

Source of the formulas: ftc-ml's Start Training pop-up.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from datasets.models import Dataset
from datasets.services import combining
from datasets.split import Split
from detector.contract import catalog
from detector.contract.catalog import Accelerator
from ftcml.accounts.models import Team
from ftcml.accounts.services import ledger
from training import messages
from training.messages import plan_words
from training.messages.model_words import what_the_weights_know
from training.models import TrainingJob
from training.refusals import JobRefused
from training.services import capacity, lineage, registry
from training.services.starting import checks
from training.services.starting.speed import estimated_minutes, is_being_measured, steps_within
from training.weights import starting_weights

ADVISED_EPOCHS = 100
# What a model that has had those can be trained more at a time: a quarter again.
MORE_EPOCHS = 25
STEP_MULTIPLE = 100
# Without an estimate, and the fewest with one.
DEFAULT_MINUTES, FEWEST_MINUTES = 60, 10


def steps_per_epoch(frames: int, batch_size: int) -> int:
    """Steps that show every training frame once."""
    return -(-frames // batch_size)


def epochs(steps: int, frames: int, batch_size: int) -> int:
    """How many times `steps` steps show every training frame."""
    return steps * batch_size // frames


def exact_steps(frames: int, batch_size: int) -> int:
    """Steps for 100 epochs."""
    return steps_per_epoch(ADVISED_EPOCHS * frames, batch_size)


def advised_steps(frames: int, batch_size: int) -> int:
    """Steps for 100 epochs, rounded up to a multiple of 100, at most what a job may have."""
    return _possible_steps(exact_steps(frames, batch_size))


def advised_more_steps(frames: int, batch_size: int, first_step: int) -> int:
    """The same for a model that has trained `first_step` steps: the rest of 100 epochs, and 25 epochs at least."""
    rest = exact_steps(frames, batch_size) - first_step
    return _possible_steps(max(rest, steps_per_epoch(MORE_EPOCHS * frames, batch_size)))


def _possible_steps(exact: int) -> int:
    return min(-(-exact // STEP_MULTIPLE) * STEP_MULTIPLE, settings.MAX_TRAINING_STEPS)


@dataclass(frozen=True)
class TrainingPlan:
    """What a job would be. Times are in minutes; a sentence that does not apply is "".

    `first_step`, `last_step`: where it begins, later than 0 with a parent, and where it ends. `epochs`: of its own
    steps. `epochs_in_all`: what all steps up to the last would make with these frames and this batch. `exact_steps`:
    for 100 epochs. `model_note`: when to choose another starting model. `queue_note`: why it would not be queued at
    once. `is_measuring`: the estimate comes in a minute.
    """

    first_step: int
    last_step: int
    accelerator: Accelerator
    batch_size: int
    training_frames: int
    evaluation_frames: int
    model_note: str
    steps_per_epoch: int
    epochs: int
    epochs_in_all: int
    exact_steps: int
    advised_steps: int
    estimated_minutes: int | None
    minutes_allowed: int
    minutes_remaining: int
    rule_of_thumb: str
    overtraining: str
    estimate: str
    is_measuring: bool
    steps_advice: str
    time_warning: str
    evaluation_note: str
    queue_note: str
    starting_weights: str
    weights_note: str
    known_objects: str

    @property
    def advised_minutes(self) -> int:
        """A maximum training time with room for half as much again as the estimate, within what the team has."""
        return minutes_with_room(self.estimated_minutes, self.minutes_remaining)


def minutes_with_room(estimate: int | None, remaining: int) -> int:
    """Return a maximum training time for an estimate, within what the team has left."""
    with_room = DEFAULT_MINUTES if estimate is None else max(FEWEST_MINUTES, math.ceil(1.5 * estimate / 10) * 10)
    return max(1, min(with_room, remaining))


def plan(
    team: Team, datasets: Sequence[Dataset], starting_model: str, training_steps: int, max_minutes: int | None = None
) -> TrainingPlan:
    """Plan a job for `team`. Raises JobRefused when the datasets or the starting model cannot be trained."""
    return _plan(team, datasets, starting_model, training_steps, max_minutes, parent=None)


def plan_more(
    parent: TrainingJob, datasets: Sequence[Dataset], training_steps: int, max_minutes: int | None = None
) -> TrainingPlan:
    """Plan a job that trains `parent` more, on its datasets and `datasets`. Raises JobRefused when that cannot be."""
    if refusal := lineage.more_refusal(parent):
        raise JobRefused.of(refusal)
    together = lineage.datasets_of_child(parent, datasets)
    return _plan(parent.team, together, parent.starting_model, training_steps, max_minutes, parent)


def _plan(
    team: Team,
    datasets: Sequence[Dataset],
    starting_model: str,
    training_steps: int,
    max_minutes: int | None,
    parent: TrainingJob | None,
) -> TrainingPlan:
    checks.check_datasets(datasets)
    checks.check_room(team)
    model = checks.starting_model(starting_model)
    frames = checks.frames(datasets, Split.TRAINING)
    accelerator = registry.live_accelerator()
    batch = catalog.batch_size(model, accelerator, frames)
    first_step = parent.steps_completed if parent else 0
    advised = advised_more_steps(frames, batch, first_step) if parent else advised_steps(frames, batch)
    minutes = estimated_minutes(model, accelerator, training_steps * batch)
    is_measuring = minutes is None and is_being_measured()
    weights = lineage.name_as_parent(parent) if parent else starting_weights.name_for(model)
    exact = exact_steps(frames, batch)
    balance = ledger.balance_of(team)
    remaining = balance.seconds_remaining // 60
    allowed = remaining if max_minutes is None else min(max_minutes, remaining)
    return TrainingPlan(
        first_step=first_step,
        last_step=first_step + training_steps,
        accelerator=accelerator,
        batch_size=batch,
        training_frames=frames,
        evaluation_frames=checks.frames(datasets, Split.EVALUATION),
        model_note="" if parent else plan_words.not_for(model.name),
        steps_per_epoch=steps_per_epoch(frames, batch),
        epochs=epochs(training_steps, frames, batch),
        epochs_in_all=epochs(first_step + training_steps, frames, batch),
        exact_steps=exact,
        advised_steps=advised,
        estimated_minutes=minutes,
        minutes_allowed=balance.seconds_allowed // 60,
        minutes_remaining=remaining,
        rule_of_thumb=(
            plan_words.advised_more_steps(
                str(parent), first_step, epochs(first_step, frames, batch), ADVISED_EPOCHS, exact - first_step
            )
            if parent
            else plan_words.advised_steps(ADVISED_EPOCHS, exact, advised, epochs(advised, frames, batch))
        ),
        overtraining=plan_words.OVERTRAINING,
        estimate=plan_words.estimate(minutes, is_measuring),
        is_measuring=is_measuring,
        steps_advice=_steps_advice(training_steps),
        time_warning=plan_words.short_of_time(
            minutes, max_minutes, remaining, steps_within(allowed, training_steps, minutes)
        ),
        evaluation_note=evaluation_note(datasets) or plan_words.on_both_sides(combining.frames_on_both_sides(datasets)),
        queue_note=plan_words.waits(messages.words(capacity.refusal())),
        starting_weights=weights,
        known_objects=what_the_weights_know(weights),
        weights_note=plan_words.FROM_SCRATCH if weights == catalog.RANDOM else "",
    )


def evaluation_note(datasets: Sequence[Dataset]) -> str:
    """What to know about the evaluation of a job with these datasets; "" when there is nothing to say."""
    return "" if checks.frames(datasets, Split.EVALUATION) else plan_words.NO_EVALUATION


def _steps_advice(training_steps: int) -> str:
    try:
        checks.check_steps(training_steps)
    except JobRefused as refusal:
        return str(refusal)
    return plan_words.multiple(STEP_MULTIPLE) if training_steps % STEP_MULTIPLE else ""
