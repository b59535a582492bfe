"""Changes to a READY dataset: they are collected in its row, and saved together as a changed copy.

Models say which dataset they were trained on, so one that models use stays as it is, and the copy stands beside it.
The copy takes the place of any other dataset (`settle`).
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from django.db import transaction
from django.db.models import QuerySet

from datasets import label_names
from datasets.edits import DELETED, Edits
from datasets.inspection import inspecting
from datasets.models import Dataset, DatasetVideo, Frame
from datasets.reasons import Code
from datasets.refusals import DatasetInUse, DatasetRefused
from datasets.services import trash
from datasets.services.imports import check_limit, checked_description, take_room, wake_import_worker
from datasets.split import Split
from ftcml.accounts.models import Team, User
from ftcml.core.trash.holders import holders
from ftcml.installation import identity

_COPIED = (
    "team", "description", "eval_percent", "archive_format", "keeps_split", "split_seed", "merges_labels", "repairs",
    "production",
)  # fmt: skip


def rename(dataset: Dataset, description: str) -> None:
    """Give the dataset another name, and the copy that is about to take its place. Raises DatasetRefused."""
    description = checked_description(description)
    with transaction.atomic():
        # The copy first, as `_settle` locks them: two that lock in other orders could wait for each other.
        _copies().filter(edited_from=dataset, edits__replaces=True).update(description=description)
        Dataset.objects.filter(pk=dataset.pk).update(description=description)


def draft(dataset: Dataset) -> Edits:
    """Return the changes of a READY dataset that aren't saved yet."""
    is_settled = dataset.state == Dataset.State.READY and dataset.edited_from_id is None
    return Edits.of(dataset.edits) if is_settled else Edits()


def is_editable(dataset: Dataset) -> bool:
    """Return whether people may change the dataset, unless its changes are just being saved."""
    is_whole = dataset.state == Dataset.State.READY and dataset.edited_from_id is None
    return is_whole and not inspecting.is_waiting(dataset)


def saving(dataset: Dataset) -> Dataset | None:
    """Return the copy that the dataset's changes are being saved as; None where they aren't."""
    return _copies().filter(edited_from=dataset).exclude(state=Dataset.State.FAILED).first()


def rename_label(dataset: Dataset, label: str, name: str, merges: bool = False) -> None:
    """Note another name for a label; its own takes a change back.

    Args:
        merges: whether the label becomes one with another that is called so; else that is refused.

    Raises: DatasetRefused.
    """
    name = label_names.given(name)
    with transaction.atomic():
        locked = _locked(dataset)
        edits = draft(locked)
        _check_label(locked, label)
        if not merges and name in {edits.name_of(other) for other in locked.labels if other != label}:
            raise DatasetRefused(Code.LABEL_TAKEN, label=name)
        _keep(locked, edits.with_label(label, name))


def delete_label(dataset: Dataset, label: str) -> None:
    """Note that a label is to go with its boxes; its frames stay. Raises DatasetRefused."""
    with transaction.atomic():
        locked = _locked(dataset)
        _check_label(locked, label)
        edits = draft(locked).with_label(label, "")
        if not any(edits.name_of(other) for other in locked.labels):
            raise DatasetRefused(Code.LAST_LABEL, label=label)
        _keep(locked, edits)


def place_frames(dataset: Dataset, frames: Sequence[Frame], place: str) -> None:
    """Note where frames of the dataset are to go: a split, or DELETED; their own split takes a change back.

    Raises DatasetRefused.
    """
    with transaction.atomic():
        locked = _locked(dataset)
        edits = draft(locked)
        for frame in frames:
            edits = edits.with_frame(frame.pk, frame.split, place)
        _check_frames(locked, edits)
        _keep(locked, edits)


def discard(dataset: Dataset) -> None:
    """Forget the changes that aren't saved. Raises DatasetRefused."""
    with transaction.atomic():
        _keep(_locked(dataset), Edits())


def is_replaced(dataset: Dataset) -> bool:
    """Return whether the changed copy takes the dataset's place: no model uses it."""
    return not holders([dataset])


def save(dataset: Dataset, user: User | None, description: str = "", edits: Edits | None = None) -> Dataset:
    """Have a worker make the changed copy, and return it. Twice at once makes one.

    Args:
        description: of a copy that stands beside the dataset; one that takes its place keeps the name.
        edits: what to change, instead of what the team has noted.

    Raises: DatasetRefused.
    """
    take_room(dataset.team)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=dataset.team_id)
        if running := saving(dataset):
            return running
        locked = _locked(dataset)
        edits = draft(locked) if edits is None else _asked(locked, edits)
        _check_all(locked, edits)
        replaces = is_replaced(locked)
        if not replaces:
            check_limit(locked.team)
        copy = Dataset(
            created_by=user,
            edited_from=locked,
            is_edited=True,
            edits=Edits(edits.labels, edits.frames, replaces).stored(),
            **{name: getattr(locked, name) for name in _COPIED},
        )
        if not replaces and description:
            copy.description = checked_description(description)
        if replaces:
            copy.version, copy.previous = locked.version, locked.previous
        copy.save(force_insert=True)
        used = locked.dataset_videos.values_list("video", flat=True)
        DatasetVideo.objects.bulk_create(DatasetVideo(dataset=copy, video_id=video) for video in used)
        transaction.on_commit(wake_import_worker)
    return copy


def settle() -> None:
    """Put each copy that has become READY in the place of its dataset, unless models use that by now.

    The dataset goes into the trash, where frames and labels can be had back that were deleted by mistake. One that was
    changed otherwise since stays beside the copy with those changes: the copy may have been in the trash meanwhile.
    """
    for copy in _unsettled():
        with transaction.atomic():
            _settle(copy)


def _settle(copy: Dataset) -> None:
    """Settle one copy, unless another worker has."""
    locked = _unsettled().select_for_update().filter(pk=copy.pk).first()
    source = locked and locked.edited_from
    if locked is None or source is None:
        return
    Dataset.kept.filter(pk=locked.pk).update(edits={}, edited_from=None)
    if not _is_saved(source, Edits.of(locked.edits.get("made", {}))):
        return
    Dataset.kept.filter(pk=source.pk).update(edits={})
    if locked.edits.get("replaces"):
        with suppress(DatasetInUse):  # a model was started on it meanwhile
            trash.move_to_trash(source)


def _is_saved(source: Dataset, edits: Edits) -> bool:
    """Whether the dataset has no changes but those that a copy was made with."""
    locked = Dataset.kept.select_for_update().filter(pk=source.pk).first()
    return locked is not None and replace(draft(locked), replaces=False) in (Edits(), edits)


def _unsettled() -> "QuerySet[Dataset]":
    return _copies().filter(state=Dataset.State.READY).exclude(edited_from=None)


def _copies() -> "QuerySet[Dataset]":
    return Dataset.objects.filter(is_edited=True)


def _locked(dataset: Dataset) -> Dataset:
    """Lock and return the dataset's row for a change. Raises DatasetRefused where it can't be changed."""
    locked = Dataset.objects.select_for_update().filter(pk=dataset.pk).first()
    if locked is None or locked.state != Dataset.State.READY or locked.edited_from_id:
        raise DatasetRefused(Code.NOT_READY)
    if inspecting.is_waiting(locked):
        raise DatasetRefused(Code.STILL_CHECKED)
    if saving(locked):
        raise DatasetRefused(Code.ALREADY_SAVING)
    return locked


def _keep(dataset: Dataset, edits: Edits) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(edits=edits.stored())


def _asked(dataset: Dataset, edits: Edits) -> Edits:
    """Return the edits with names of labels as a dataset may have them, without what changes nothing."""
    names = {old: new and label_names.given(new) for old, new in edits.labels.items()}
    splits = dataset.frames.filter(pk__in=edits.frames).values_list("pk", "split")
    unmoved = {str(key) for key, split in splits if edits.place_of(key, split) == split}
    return replace(
        edits,
        labels={old: new for old, new in names.items() if new != old},
        frames={key: place for key, place in edits.frames.items() if key not in unmoved},
    )


def _check_label(dataset: Dataset, label: str) -> None:
    if label not in dataset.labels:
        raise DatasetRefused(Code.NO_SUCH_LABEL, label=label)


def _check_frames(dataset: Dataset, edits: Edits) -> None:
    """Refuse to leave a split without its last frame."""
    before = {split: dataset.counts[split]["frames"] for split in Split.values}
    after = Counter(before)
    for key, split in dataset.frames.filter(pk__in=edits.frames).values_list("pk", "split"):
        after[split] -= 1
        after[edits.place_of(key, split)] += 1
    for split in Split.values:
        if before[split] and after[split] < 1:
            raise DatasetRefused(Code.LAST_FRAME, split=split)


def _check_all(dataset: Dataset, edits: Edits) -> None:
    """Refuse edits that change nothing, or that leave no dataset. Two people may have made them at once."""
    if not edits:
        raise DatasetRefused(Code.NOTHING_CHANGED)
    for label in edits.labels:
        _check_label(dataset, label)
    if dataset.frames.filter(pk__in=edits.frames).count() != len(edits.frames):
        raise DatasetRefused(Code.NO_SUCH_FRAME)
    _check_frames(dataset, edits)
    kept = dataset.frames.exclude(pk__in=[key for key, place in edits.frames.items() if place == DELETED])
    all_boxes = kept.values_list("boxes", flat=True).iterator()
    if not any(edits.name_of(entry["label"]) for boxes in all_boxes for entry in boxes):
        raise DatasetRefused(Code.NO_BOX_LEFT)
    if refusal := identity.storage_refusal():
        raise DatasetRefused(Code.OTHER, text=refusal)
