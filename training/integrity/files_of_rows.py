"""The stored files that training jobs name."""

from collections.abc import Iterator

from training.models import Checkpoint, ModelFile


def named() -> Iterator[str]:
    """Yield the names of all files and checkpoints' folders of jobs, for named_files.told_by."""
    for folder in Checkpoint.objects.with_files().order_by("folder").values_list("folder", flat=True).iterator():
        yield f"{folder}/"
    detections = Checkpoint.objects.with_detections().order_by("detections_name")
    yield from detections.values_list("detections_name", flat=True).iterator()
    yield from ModelFile.objects.order_by("name").values_list("name", flat=True).iterator()
