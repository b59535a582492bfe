"""The verbs of an inspection: looks at datasets that were imported before there was one, or before its newest rules."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

from django.db.models import Q, QuerySet
from PIL import Image

from datasets.inspection.findings import VERSION, Tally, mark
from datasets.models import Dataset, Frame
from ftcml.celery import wake
from ftcml.core import clock
from ftcml.core import lease as leases
from ftcml.core.files import storage
from ftcml.core.lease import Lease, LeaseLost, lease_end
from ftcml.core.logging import logs
from ftcml.core.pictures.near_duplicates import UNREADABLE, fingerprint

log = logging.getLogger(__name__)

# Few enough to be done long before the lease runs out, even where each is as large as a picture may be.
_FRAMES_AT_ONCE = 50
# What broke once will hardly work at once.
_UNTIL_THE_NEXT_TRY = timedelta(hours=1)


def due() -> QuerySet[Dataset]:
    """The datasets to look at that nobody is at work on, the newest first."""
    waiting = Dataset.objects.filter(state=Dataset.State.READY, inspection_version__lt=VERSION)
    held = leases.in_force("inspection_lease_until", clock.now(), _UNTIL_THE_NEXT_TRY)
    return waiting.exclude(held).order_by("-created")


def wake_inspector() -> None:
    """Tell an idle worker to look at a dataset."""
    wake("datasets.tasks.inspect_next")


def is_waiting(dataset: Dataset) -> bool:
    """Whether the dataset has frames to look at that were not looked at, or not by today's rules."""
    return dataset.state == Dataset.State.READY and dataset.inspection_version < VERSION


def looked_at(dataset: Dataset) -> int:
    """How many of the dataset's frames have been looked at."""
    return dataset.frames.exclude(fingerprint="").count()


def inspect(dataset: Dataset) -> None:
    """Fill in what an import of today notes at its end. Nothing happens when another process works on it."""
    with logs.about(dataset.team_id, dataset_id=dataset.pk):
        not_looked_at = Dataset.objects.filter(inspection_version__lt=VERSION)
        lease = leases.claim(not_looked_at, dataset, "inspection_lease_until", lease_end())
        if lease is None:
            log.info("dataset %s is looked at elsewhere, or was deleted", dataset.pk)
            return
        try:
            _inspect(dataset, lease)
            log.info("dataset %s of team %s: looked at", dataset.pk, dataset.team_id)
        except LeaseLost as loss:
            log.info("%s", loss)
        except Exception:
            log.exception("dataset %s of team %s: could not be looked at", dataset.pk, dataset.team_id)
            with suppress(LeaseLost):
                lease.renew(clock.now() + _UNTIL_THE_NEXT_TRY)


def _inspect(dataset: Dataset, lease: Lease) -> None:
    tally = Tally(dataset.labels)
    for frames in _batches(dataset):
        for frame in frames:
            mark(frame, dataset.labels)
            frame.fingerprint = frame.fingerprint or _fingerprint_of(frame)
            tally.add(frame)
        Frame.objects.bulk_update(frames, ["fingerprint", "label_numbers", "small_label_numbers"])
        lease.renew(lease_end())
    inspection = tally.inspection(heartbeat=lambda: lease.renew(lease_end()))
    lease.release(**inspection.stored())


def _batches(dataset: Dataset) -> Iterator[list[Frame]]:
    """The frames of each split in the order of their numbers, some at a time."""
    last = ("", -1)
    while frames := list(_after(dataset, *last)):
        yield frames
        last = (frames[-1].split, frames[-1].number)


def _after(dataset: Dataset, split: str, number: int) -> QuerySet[Frame]:
    later = Q(split=split, number__gt=number) | Q(split__gt=split)
    return dataset.frames.filter(later).order_by("split", "number")[:_FRAMES_AT_ONCE]


def _fingerprint_of(frame: Frame) -> str:
    """The fingerprint of the stored picture, UNREADABLE where that is gone or damaged."""
    try:
        with storage.open_file(frame.picture_name) as stream, Image.open(stream, formats=["JPEG"]) as picture:
            return fingerprint(picture)
    except (OSError, SyntaxError, Image.DecompressionBombError):  # what Pillow raises for a file that it cannot use
        return UNREADABLE
