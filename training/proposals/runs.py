"""The verbs of a model's run over frames: start and stop; and which models a team can run."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, QuerySet, When

from ftcml.accounts.models import Team, User
from training.models import ModelRun, TrainingJob
from training.proposals import run_leases
from training.proposals.run_frames import frames_of
from training.reasons import Refusal
from training.refusals import JobRefused
from videos.models import Video

# Of a team that wait or are done.
MOST_RUNS = 5
DEFAULT_CONFIDENCE = 0.5


@dataclass(frozen=True)
class RunChoices:
    """What a person chooses. `first`, `last`: numbers of frames, to the last one where that is None."""

    purpose: ModelRun.Purpose = ModelRun.Purpose.PROPOSALS
    first: int = 0
    last: int | None = None
    minimum_confidence: float = DEFAULT_CONFIDENCE


def models_of(team: Team) -> QuerySet[TrainingJob]:
    """Return the team's models that can be run, the newest first."""
    return TrainingJob.objects.for_team(team).exclude(default_file=None).order_by("-created")


def start(video: Video, job: TrainingJob, person: User | None, choices: RunChoices) -> ModelRun:
    """Have a worker run a model over frames of a video. Both are of one team. Raises JobRefused."""
    run = _wanted(video, job, person, choices)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=video.team_id)
        if ModelRun.objects.filter(team=video.team, state=ModelRun.State.RUNNING).count() >= MOST_RUNS:
            raise JobRefused(Refusal.RUNS_ON_THEIR_WAY, most=MOST_RUNS)
        run.save(force_insert=True)
        transaction.on_commit(run_leases.wake_worker)
    return run


def stop(run: ModelRun) -> ModelRun:
    """End a run. What it has proposed stays."""
    running = ModelRun.objects.filter(pk=run.pk, state=ModelRun.State.RUNNING)
    running.update(state=ModelRun.State.STOPPED, lease_until=None)
    run.refresh_from_db()
    return run


def newest(video: Video) -> ModelRun | None:
    """Return the newest run over frames of the video, one that is on its way first; None where there is none."""
    is_over = Case(When(state=ModelRun.State.RUNNING, then=0), default=1)
    return video.model_runs.filter(job__trashed_at=None).select_related("job").order_by(is_over, "-created").first()


def newest_audit(video: Video) -> ModelRun | None:
    """Return the newest audit that is done."""
    done = video.model_runs.filter(purpose=ModelRun.Purpose.AUDIT, state=ModelRun.State.DONE)
    return done.select_related("job").first()


def _wanted(video: Video, job: TrainingJob, person: User | None, choices: RunChoices) -> ModelRun:
    """Return the run, not saved yet. Raises JobRefused."""
    if video.state != Video.State.READY:
        raise JobRefused(Refusal.VIDEO_NOT_READY, video=str(video))
    if not job.has_model:
        raise JobRefused(Refusal.NO_MODEL_TO_RUN)
    if not 0 <= choices.minimum_confidence <= 1:
        raise JobRefused(Refusal.BAD_CONFIDENCE, "minimum_confidence")
    end = video.frames.order_by("-number").values_list("number", flat=True).first() or 0
    last = end if choices.last is None else min(choices.last, end)
    if choices.first > last:
        raise JobRefused(Refusal.NO_FRAMES_TO_RUN)
    run = ModelRun(
        team=video.team,
        video=video,
        job=job,
        created_by=person,
        purpose=choices.purpose,
        first=choices.first,
        last=last,
        minimum_confidence=choices.minimum_confidence,
    )
    run.frames_total = frames_of(run).count()
    if not run.frames_total:
        is_audit = choices.purpose == ModelRun.Purpose.AUDIT
        raise JobRefused(Refusal.NO_LABELED_FRAMES if is_audit else Refusal.ALL_FRAMES_LABELED)
    return run
