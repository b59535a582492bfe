"""Produces datasets from the finished frames of videos: says what a choice comes to, and has a worker make it."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from datasets import label_names
from datasets.inspection.advice import Advice, advice
from datasets.models import Dataset, DatasetVideo
from datasets.production import counted_frames, versions
from datasets.production.choices import ProductionChoices
from datasets.production.counted_frames import Found
from datasets.production.near_misses import near_misses
from datasets.production.plan import Plan, plan
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.services.imports import (
    MAX_EVAL_PERCENT,
    MAX_SEED,
    check_limit,
    checked_description,
    take_room,
    wake_import_worker,
)
from datasets.split import Split
from ftcml.accounts.models import Team, User
from ftcml.celery import wake
from ftcml.installation import identity
from videos.labeling.frame_runs import folded
from videos.labeling.which_frames import REVIEWED
from videos.models import Activity, Frame, Video


def wake_assistants() -> None:
    """Tell quick assistants, which training has, that a dataset may be there."""
    wake("training.tasks.advance_assistants")


@dataclass(frozen=True)
class LabelUse:
    """A label of the frames that count. `near`: a more frequent label that it may be a slip for, "" where none is."""

    label: str
    name: str
    boxes: int
    near: str = ""


@dataclass(frozen=True)
class Preview:
    """What a choice comes to. `refusal`: why it can't be produced, "" where it can."""

    training: int = 0
    evaluation: int = 0
    negative: int = 0
    unfinished: int = 0
    ignored: int = 0
    unreviewed: int = 0
    gap: int = 0
    near_duplicates: int = 0
    labels: list[LabelUse] = field(default_factory=list)
    warnings: list[Advice] = field(default_factory=list)
    refusal: str = ""


def label_counts(videos: Sequence[Video]) -> dict[str, int]:
    """Return how many boxes of each label the frames have that count, by label in order."""
    return dict(sorted(_boxes(counted_frames.find(videos)).items()))


def has_reviewed(videos: Sequence[Video]) -> bool:
    """Return whether a second person has approved a labeled frame of them."""
    return Frame.objects.filter(REVIEWED, video__in=videos).exists()


def preview(team: Team, videos: Sequence[Video], choices: ProductionChoices) -> Preview:
    """Return what the choice comes to: the same numbers and warnings as the dataset will have."""
    found = counted_frames.find(videos, choices.reviewed_only)
    told = Preview(
        unfinished=found.unfinished,
        ignored=found.ignored,
        unreviewed=found.unreviewed,
        labels=_uses(found, choices),
    )
    try:
        choices = _checked(videos, choices, found)
        made = plan(found, choices)
    except DatasetRefused as refusal:
        return replace(told, refusal=str(refusal))
    return replace(_numbers(told, made), refusal=_refusal(team, made))


def request(
    team: Team,
    person: User | None,
    description: str,
    videos: Sequence[Video],
    choices: ProductionChoices,
    is_next_version: bool = False,
    wakes_worker: bool = True,
    dataset_id: uuid.UUID | None = None,
) -> Dataset:
    """Have a worker produce a dataset from the frames that count now, and return its row. Raises DatasetRefused.

    `is_next_version`: of the newest dataset from exactly these videos. `wakes_worker`: else the caller makes it.
    `dataset_id`: of a caller that may ask twice, as in imports.py.
    """
    description = checked_description(description)
    if refusal := identity.storage_refusal():
        raise DatasetRefused(Code.OTHER, text=refusal)
    found = counted_frames.find(videos, choices.reviewed_only)
    choices = _checked(videos, choices, found)
    plan(found, choices).checked_labels()
    take_room(team)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        check_limit(team)
        # Until the transaction ends, no one deletes these videos; from then on, the dataset keeps them.
        locked = Video.objects.select_for_update().filter(pk__in=[video.pk for video in videos])
        if len(locked) != len(videos):
            raise DatasetRefused(Code.VIDEO_GONE)
        previous = _version_before(team, videos, choices.by_assistant) if is_next_version else None
        dataset = Dataset.objects.create(
            pk=dataset_id or uuid.uuid4(),
            team=team,
            created_by=person,
            description=description,
            eval_percent=choices.eval_percent,
            split_seed=choices.seed,
            keeps_split=False,
            production={**choices.stored(), **_counted(found)},
            previous=previous,
            version=versions.next_number(previous, description) if previous else 1,
        )
        DatasetVideo.objects.bulk_create(DatasetVideo(dataset=dataset, video=video) for video in videos)
        params = {"dataset": str(dataset), "dataset_id": str(dataset.pk)}
        produced = Activity.Action.PRODUCED
        Activity.objects.bulk_create(
            Activity(video=video, person=person, action=produced, params=params) for video in videos
        )
        if wakes_worker:
            transaction.on_commit(wake_import_worker)
    return dataset


def _version_before(team: Team, videos: Sequence[Video], by_assistant: bool) -> Dataset:
    """Return the dataset whose next version may be made now. Raises DatasetRefused."""
    if coming := versions.latest(team, videos, Dataset.State.PRODUCING, by_assistant=by_assistant):
        raise DatasetRefused(Code.VERSION_IS_COMING, dataset=str(coming))
    if (previous := versions.latest(team, videos, by_assistant=by_assistant)) is None:
        raise DatasetRefused(Code.NO_EARLIER_VERSION)
    return previous


def _checked(videos: Sequence[Video], choices: ProductionChoices, found: Found) -> ProductionChoices:
    """Return the choices for these videos, with names as labels may have them. Raises DatasetRefused."""
    for video in videos:
        if video.state != Video.State.READY:
            raise DatasetRefused(Code.VIDEO_NOT_READY, video=str(video))
    if not 0 <= choices.eval_percent <= MAX_EVAL_PERCENT:
        raise DatasetRefused(Code.BAD_PERCENT, most=MAX_EVAL_PERCENT)
    if not 0 <= choices.seed <= MAX_SEED:
        raise DatasetRefused(Code.BAD_SEED, most=MAX_SEED)
    there = _boxes(found)
    gone = set() if choices.reviewed_only else set(choices.offered) - there.keys()
    if choices.offered and (gone or there.keys() - set(choices.offered)):
        raise DatasetRefused(Code.LABELS_CHANGED)
    names = {old: new and label_names.given(new) for old, new in choices.labels.items() if old in there}
    keys = tuple(str(video.pk) for video in videos)
    if not set(choices.kept) <= set(keys):
        raise DatasetRefused(Code.KEPT_NOT_CHOSEN)
    return replace(choices, videos=keys, labels=names)


def _counted(found: Found) -> dict[str, object]:
    """Return which frames count, by the video's key, and how many don't, for `Dataset.production`."""
    by_video: dict[str, list[int]] = {}
    for frame in found.frames:
        by_video.setdefault(frame.video, []).append(frame.number)
    frames = {key: folded(numbers) for key, numbers in by_video.items()}
    about = {"unfinished": found.unfinished, "ignored": found.ignored, "label_keys": dict(found.labels)}
    return {"frames": frames, **about}


def _numbers(told: Preview, made: Plan) -> Preview:
    """Return the preview with what the frames come to."""
    dataset, inspection = made.as_dataset()
    counts = dataset.counts
    return replace(
        told,
        training=counts[Split.TRAINING]["frames"],
        evaluation=counts[Split.EVALUATION]["frames"],
        negative=sum(counts[split]["negative_frames"] for split in Split),
        gap=made.gap,
        near_duplicates=inspection.near_duplicates.frames,
        warnings=advice(dataset, inspection) if dataset.labels else [],
    )


def _refusal(team: Team, made: Plan) -> str:
    try:
        made.checked_labels()
        check_limit(team)
        take_room(team)
    except DatasetRefused as refusal:
        return str(refusal)
    return identity.storage_refusal()


def _uses(found: Found, choices: ProductionChoices) -> list[LabelUse]:
    """Return the labels in order, each with what it may be a slip for under its new name."""
    boxes = _boxes(found)
    named: Counter[str] = Counter()
    for label, count in boxes.items():
        if name := choices.name_of(label):
            named[name] += count
    near = {miss.label: miss.usual for miss in near_misses(named)}
    names = {label: choices.name_of(label) for label in sorted(boxes)}
    return [LabelUse(label, name, boxes[label], near.get(name, "")) for label, name in names.items()]


def _boxes(found: Found) -> Counter[str]:
    return Counter(box.label for frame in found.frames for box in frame.boxes)
