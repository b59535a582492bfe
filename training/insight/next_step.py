"""Choose the one next step of a model, from its state and its result. Every page and the API ask here.

A training is judged by what it reached: the mAP@.50 of its best checkpoint, with the interval where the model files
were measured. How the curves move only says whether more steps can help.
"""

import math
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.conf import settings
from django.db.models import F

from training.insight.verdict import Verdict, verdicts
from training.messages import next_step_words as words
from training.messages.next_step_words import Action, NextStep
from training.messages.result_words import Finding
from training.models import Checkpoint, TrainingJob
from training.reasons import Code
from training.services import queue
from training.services.progress import live
from training.states import ALIVE, STOPPABLE, TERMINAL, JobState

# A good model has at least this mAP@.50: its lower end, or the value itself where there is no interval.
GOOD_LOW, GOOD_VALUE = 0.85, 0.9

_STEP_MULTIPLE = 100
_FEWEST_MORE_STEPS, _MOST_MORE_STEPS = 200, 2000


class Level(StrEnum):
    """What a model reached on its evaluation frames."""

    GOOD = "good"
    WEAK = "weak"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Facts:
    """All that the next step depends on. `more_steps`: how many to train more, where that helps."""

    state: JobState
    reason_code: str = ""
    has_model: bool = False
    is_packaging: bool = False
    can_train_more: bool = False
    finding: Finding = Finding.TOO_EARLY
    level: Level = Level.NOT_MEASURED
    more_steps: int = _FEWEST_MORE_STEPS

    @property
    def can_stop(self) -> bool:
        return self.state in STOPPABLE


def next_step(facts: Facts, is_on_page_of: Action | None = None) -> NextStep:
    """Return the one thing to do next; on the page that it leads to, what comes after it."""
    step = _step(facts)
    step = words.AFTERWARDS[step.action] if step.action == is_on_page_of else step
    return replace(step, words=step.words.format(support=settings.SUPPORT_CONTACT))


def _step(facts: Facts) -> NextStep:
    if facts.state == JobState.RUNNING:
        return words.PACKAGING if facts.is_packaging else _while_running(facts.finding)
    if facts.state in ALIVE:  # the reason is that of its last change, which the server deals with by itself
        return words.BY_STATE[facts.state]
    if facts.is_packaging and facts.state != JobState.FAILED:
        return words.PACKAGING
    if facts.has_model and (facts.state != JobState.FAILED or facts.level == Level.GOOD):
        return _with_a_model(facts)
    if facts.can_train_more and facts.state != JobState.FAILED:  # it has a checkpoint, and no file was made of it
        return words.CANNOT_PACKAGE
    if facts.can_train_more and facts.reason_code in words.MAY_CONTINUE:
        return words.CONTINUE
    step = words.BY_CODE.get(facts.reason_code)
    return step if step and _is_possible(step.action, facts) else words.BY_STATE[facts.state]


def _is_possible(action: Action, facts: Facts) -> bool:
    """Say whether a reason's action can be taken: an older reason may outlive the state that it was given for."""
    if action == Action.STOP:
        return facts.can_stop
    if action in (Action.RETRY, Action.WAIT):
        return facts.state == JobState.TRY_AGAIN_LATER
    return facts.state in TERMINAL


def _while_running(finding: Finding) -> NextStep:
    if finding == Finding.OVERTRAINING:
        return words.MEMORIZES_NOW
    return words.SETTLED_NOW if finding == Finding.SETTLED else words.BY_STATE[JobState.RUNNING]


def _with_a_model(facts: Facts) -> NextStep:
    if facts.level == Level.GOOD:
        return words.GOOD
    if facts.level == Level.NOT_MEASURED:
        return words.NOT_MEASURED
    if facts.finding == Finding.OVERTRAINING:
        return words.MEMORIZES
    if facts.finding == Finding.SETTLED:
        return words.SETTLED
    if not facts.can_train_more:
        return words.LOOK_AT_MISTAKES
    template = words.MORE_MINUTES if facts.reason_code == Code.OUT_OF_TIME else words.MORE_STEPS
    return NextStep(Action.MORE, template.format(steps=facts.more_steps))


# --- the facts of jobs ---


def facts_of(job: TrainingJob, verdict: Verdict) -> Facts:
    """Return the facts of one job, whose verdict is known already."""
    return _facts([job], {job.pk: verdict})[job.pk]


def next_steps(jobs: Sequence[TrainingJob]) -> dict[uuid.UUID, NextStep]:
    """Return the next step of each job. Three queries for all of them."""
    facts = _facts(jobs, verdicts(jobs))
    return {key: next_step(each) for key, each in facts.items()}


def _facts(jobs: Sequence[TrainingJob], judged: dict[uuid.UUID, Verdict]) -> dict[uuid.UUID, Facts]:
    ended = [job for job in jobs if job.state in TERMINAL]
    packaging, trainable = _packaging(ended), _trainable(ended)
    return {
        job.pk: Facts(
            state=JobState(job.state),
            reason_code=job.reason_code,
            has_model=job.has_model,
            is_packaging=job.pk in packaging or _is_past_its_steps(job),
            can_train_more=job.pk in trainable,
            finding=judged[job.pk].finding,
            level=_level(job, judged[job.pk]),
            more_steps=_more_steps(job),
        )
        for job in jobs
    }


def _packaging(ended: Iterable[TrainingJob]) -> set[uuid.UUID]:
    """Those whose model file is being made, or waits for that."""
    without = [job.pk for job in ended if not job.has_model]
    return set(queue.without_model_file().filter(pk__in=without).values_list("pk", flat=True)) if without else set()


def _is_past_its_steps(job: TrainingJob) -> bool:
    """Whether a job that still runs is being measured, or its files are being made."""
    present = live(job)
    return present is not None and present.phase == "packaging"


def _trainable(ended: Iterable[TrainingJob]) -> set[uuid.UUID]:
    """Those that can be trained more: their newest checkpoint is theirs and has its files."""
    with_checkpoint = [job.pk for job in ended if job.has_checkpoint]
    newest = Checkpoint.objects.with_files().filter(job__in=with_checkpoint, step=F("job__steps_completed"))
    return set(newest.values_list("job_id", flat=True)) if with_checkpoint else set()


def _level(job: TrainingJob, verdict: Verdict) -> Level:
    file = job.default_file
    if file and file.ap50_low is not None and file.compared_on == "evaluation":
        return Level.GOOD if file.ap50_low >= GOOD_LOW else Level.WEAK
    if verdict.best_ap50 is None:
        return Level.NOT_MEASURED
    return Level.GOOD if verdict.best_ap50 >= GOOD_VALUE else Level.WEAK


def _more_steps(job: TrainingJob) -> int:
    """Return half as many as this job has trained, in whole hundreds."""
    half = (job.steps_completed - job.first_step) / 2
    rounded = math.ceil(half / _STEP_MULTIPLE) * _STEP_MULTIPLE
    return min(max(rounded, _FEWEST_MORE_STEPS), _MOST_MORE_STEPS)
