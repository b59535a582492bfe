"""The metrics of a job as files to take away: a table for spreadsheets, and event files for TensorBoard."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import IO

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary

from datasets.tfrecords import framed
from training.messages import metric_names
from training.models import MetricPoint, TrainingJob

# What TensorBoard looks for in the first record of a file.
_FILE_VERSION = "brain.Event:2"

# A spreadsheet takes a cell that begins so for a formula.
_STARTS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(job: TrainingJob) -> Iterator[str]:
    """The lines of a table: step, split, and a column for each metric, empty where it was not measured."""
    tags = list(job.metric_points.order_by("tag").values_list("tag", flat=True).distinct())
    yield _csv_line(["step", "split", *map(_no_formula, tags)])
    points = job.metric_points.order_by("step", "split").values_list("step", "split", "tag", "value")
    for (step, split), of_one in groupby(points.iterator(), key=itemgetter(0, 1)):
        values = {tag: metric_names.metric(tag).shown(value) for _, _, tag, value in of_one}
        yield _csv_line([step, split, *(_cell(values.get(tag)) for tag in tags)])


def _cell(value: float | None) -> float | str:
    return "" if value is None else value


def _csv_line(cells: list[object]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS_OF_FORMULAS) else text


def tensorboard_zip(job: TrainingJob) -> IO[bytes]:
    """A zip, open and at its beginning, with a run for each split: its folder holds one file of TensorBoard's events.

    An event's wall time is when its checkpoint was published.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    times = {step: created.timestamp() for step, created in job.checkpoints.values_list("step", "created")}
    began = job.created.timestamp()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for split in MetricPoint.Split.values:
            points = job.metric_points.filter(split=split).order_by("step", "tag").values_list("step", "tag", "value")
            name = f"{split}/events.out.tfevents.{began:010.0f}.ftcml"
            with archive.open(name, "w") as run:
                run.write(framed(Event(wall_time=began, file_version=_FILE_VERSION).SerializeToString()))
                for step, tag, value in points.iterator():
                    run.write(framed(_event(times.get(step, began), step, tag, value).SerializeToString()))
    file.seek(0)
    return file


def _event(wall_time: float, step: int, tag: str, value: float) -> Event:
    return Event(wall_time=wall_time, step=step, summary=Summary(value=[Summary.Value(tag=tag, simple_value=value)]))
