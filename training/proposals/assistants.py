"""The quick assistant of a video: a dataset of what is labeled, a short training, then proposals for the rest.

A person's click begins it. The end of each step wakes a worker that takes the next one, and sweeps do where that was
lost. Each step is taken once, whichever of them meet.
"""

from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction

from datasets.models import Dataset
from datasets.production import versions
from datasets.production.choices import ProductionChoices
from datasets.refusals import DatasetRefused
from datasets.services.labeling import production
from detector.contract import catalog
from ftcml.accounts.models import Team, User
from ftcml.accounts.services import ledger
from ftcml.core.reasons import Reason
from ftcml.core.requests.parameters import longest
from training.messages import proposal_words
from training.models import ModelRun, QuickAssistant, TrainingJob
from training.proposals import runs
from training.proposals.runs import RunChoices
from training.reasons import Code, Refusal, RunFailure
from training.refusals import JobRefused
from training.services import capacity, jobs, registry
from training.services.selection import model_is_coming
from training.services.starting import checks
from training.services.starting.choices import TrainingChoices
from training.services.starting.names import unused_name
from training.services.starting.plan import minutes_with_room
from training.services.starting.speed import estimated_minutes
from training.states import TERMINAL
from videos.labeling.which_frames import LABELED
from videos.models import Video

# A model that learned from fewer proposes little that is right.
LEAST_LABELED = 20
# From weights that know everyday objects, 100 steps on so few frames were no better (docs/contributors/recipe.md).
STEPS = 50
_State = QuickAssistant.State


@dataclass(frozen=True)
class AssistantOffer:
    """What a quick assistant would be. `refusal`: why there can't be one now, "" where there can."""

    labeled: int
    estimated_minutes: int | None
    max_minutes: int
    refusal: str = ""

    @property
    def costs(self) -> str:
        return proposal_words.assistant_costs(STEPS, self.max_minutes, self.estimated_minutes)

    @property
    def to_go(self) -> int:
        """How many frames are to be labeled before."""
        return max(0, LEAST_LABELED - self.labeled)


def offer(video: Video) -> AssistantOffer:
    """Return what a quick assistant of the video would take, as it is said before the click."""
    labeled = video.frames.filter(LABELED).count()
    accelerator = registry.live_accelerator()
    model = catalog.starting_model(catalog.DEFAULT)
    batch = catalog.batch_size(model, accelerator, max(labeled, 1))
    estimate = estimated_minutes(model, accelerator, STEPS * batch)
    remaining = ledger.balance_of(video.team).seconds_remaining // 60
    made = AssistantOffer(labeled, estimate, minutes_with_room(estimate, remaining))
    try:
        _check(video, made)
    except JobRefused as refusal:
        return AssistantOffer(labeled, estimate, made.max_minutes, str(refusal))
    return made


def start(video: Video, person: User | None) -> QuickAssistant:
    """Have a quick assistant learn from the labeled frames of a video. Raises JobRefused."""
    made = offer(video)
    checks.check_room(video.team)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=video.team_id)  # first, as all that lock both do
        Video.objects.select_for_update().get(pk=video.pk)
        _check(video, made)
        capacity.check_team(video.team)
        return QuickAssistant.objects.create(
            team=video.team,
            video=video,
            created_by=person,
            max_minutes=made.max_minutes,
            dataset=_produced(video, person),
        )


def newest(video: Video) -> QuickAssistant | None:
    """Return the newest quick assistant of the video, None where there was none."""
    return video.quick_assistants.select_related("dataset", "job", "run").first()


def advance() -> None:
    """Take the next step of each quick assistant whose last one is done."""
    at_work = QuickAssistant.objects.filter(state__in=[_State.PRODUCING, _State.TRAINING])
    for key in list(at_work.order_by("created").values_list("pk", flat=True)):
        with transaction.atomic():
            # A worker that was woken at the same time waits here, and finds the step taken. What belongs to the row is
            # read afterwards: joined to it, it would be as it was before the wait.
            if assistant := at_work.select_for_update().filter(pk=key).first():
                _advance_or_fail(assistant)


def _advance_or_fail(assistant: QuickAssistant) -> None:
    try:
        _advance(assistant)
    except JobRefused as refusal:
        _fail(assistant, Reason(RunFailure.OTHER, {"text": str(refusal)}))


def _advance(assistant: QuickAssistant) -> None:
    """Raises JobRefused."""
    dataset, job = assistant.dataset, assistant.job
    if assistant.state == _State.TRAINING:
        if job is None or job.trashed_at:
            _fail(assistant, Reason(RunFailure.NO_MODEL))
        elif job.has_model:
            _propose(assistant, job)
        elif job.state in TERMINAL and not model_is_coming([job]):
            _fail(assistant, Reason(RunFailure.NO_MODEL))
    elif dataset is None or dataset.trashed_at or dataset.deleted or dataset.state == Dataset.State.FAILED:
        _fail(assistant, Reason(RunFailure.NO_DATASET, {"text": dataset.error if dataset else ""}))
    elif dataset.state == Dataset.State.READY:
        _train(assistant, dataset)


def _train(assistant: QuickAssistant, dataset: Dataset) -> None:
    """Start the training. Raises JobRefused."""
    choices = TrainingChoices(
        datasets=[dataset],
        training_steps=STEPS,
        max_minutes=assistant.max_minutes,
        description=unused_name(assistant.team, proposal_words.ASSISTANT),
    )
    job = jobs.start(assistant.team, assistant.created_by, choices)
    _become(assistant, _State.TRAINING, job=job)


def _propose(assistant: QuickAssistant, job: TrainingJob) -> None:
    """Have the model propose the rest of the video."""
    run = None
    with suppress(JobRefused):  # all is labeled by now
        run = runs.start(assistant.video, job, assistant.created_by, RunChoices(ModelRun.Purpose.PROPOSALS))
    _become(assistant, _State.DONE, run=run)


def _become(assistant: QuickAssistant, state: QuickAssistant.State, **fields: object) -> None:
    QuickAssistant.objects.filter(pk=assistant.pk).update(state=state, **fields)


def _fail(assistant: QuickAssistant, reason: Reason) -> None:
    _become(assistant, _State.FAILED, reason_code=reason.code, reason_params=reason.params)


def _check(video: Video, made: AssistantOffer) -> None:
    """Raise JobRefused where there can't be one now."""
    if video.quick_assistants.filter(state__in=[_State.PRODUCING, _State.TRAINING]).exists():
        raise JobRefused(Refusal.ASSISTANT_AT_WORK)
    if made.labeled < LEAST_LABELED:
        raise JobRefused(Refusal.TOO_FEW_LABELED, labeled=made.labeled, least=LEAST_LABELED)
    remaining = ledger.balance_of(video.team).seconds_remaining // 60
    if remaining < made.max_minutes:
        raise JobRefused(Code.TOO_LITTLE_TIME, remaining=remaining, wanted=made.max_minutes)


def _produced(video: Video, person: User | None) -> Dataset:
    """Have a dataset produced of what is labeled. Raises JobRefused.

    It has a name of its own: the names and versions of what people produce are theirs.
    """
    previous = versions.latest(video.team, [video], by_assistant=True)
    most = longest(Dataset, "description")
    name = previous.description if previous else proposal_words.assistant_dataset(video.description, most)
    try:
        choices = ProductionChoices(videos=(str(video.pk),), by_assistant=True)
        return production.request(video.team, person, name, [video], choices, is_next_version=previous is not None)
    except DatasetRefused as refusal:
        raise JobRefused(Code.OTHER, text=str(refusal)) from None
