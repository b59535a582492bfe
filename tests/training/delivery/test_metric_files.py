"""The metrics as files: as a spreadsheet and as TensorBoard read them."""

import csv
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from tests.training.curve_points import EVAL_TAGS, TRAIN_TAGS, publish
from training.delivery import metric_files
from training.messages import metric_names
from training.models import MetricPoint, TrainingJob

# Runs on its own, so that it can say whether our messages or TensorBoard's reader have loaded TensorFlow. TensorBoard's
# own switch for reading without it is whether the module `notf` is there.
READ_BACK = """
import json, pathlib, sys, types
sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2

told = {}
for split in ("train", "eval"):
    run = EventAccumulator(str(pathlib.Path(sys.argv[1], split))).Reload()
    told[split] = {
        tag: [(one.wall_time, one.step, one.value) for one in run.Scalars(tag)] for tag in run.Tags()["scalars"]
    }
assert "tensorflow" not in sys.modules
print(json.dumps(told))
"""


@pytest.fixture
def job(team: Team) -> TrainingJob:
    job = TrainingJobFactory(team=team, description="=night & day")
    publish(job, (100, 200, 300))
    return job


def downloaded(client: Client, job: TrainingJob, name: str, folder: Path) -> Path:
    answer = client.get(f"/models/{job.pk}/{name}")
    path = folder / answer["Content-Disposition"].split('"')[1]
    path.write_bytes(answer.getvalue())
    return path


def test_the_table_has_a_row_for_each_step_and_split_and_a_column_for_each_metric(
    member_client: Client, job: TrainingJob, tmp_path: Path
) -> None:
    path = downloaded(member_client, job, "metrics.csv", tmp_path)
    assert path.name == "night-day-metrics.csv"
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["step"], row["split"]) for row in rows] == [
        (str(step), split) for step in (100, 200, 300) for split in ("eval", "train")
    ]
    assert list(rows[0]) == ["step", "split", *sorted({*TRAIN_TAGS, *EVAL_TAGS})]
    for row in rows:
        told = {tag: float(row[tag]) for tag in list(row)[2:] if row[tag]}
        points = job.metric_points.filter(split=row["split"], step=row["step"])
        measured = points.exclude(value=metric_names.NO_SUCH_OBJECT)
        assert told == dict(measured.values_list("tag", "value"))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(team: Team, start: str) -> None:
    job = TrainingJobFactory(team=team)
    MetricPoint.objects.create(job=job, split="train", tag=f"{start}1+2", step=100, value=-1)
    (header, values) = csv.reader(metric_files.csv_lines(job))
    assert header[2] == f"'{start}1+2"
    assert values[2] == "-1.0"  # a number is none


def test_a_job_without_metrics_is_an_empty_table(team: Team) -> None:
    assert list(metric_files.csv_lines(TrainingJobFactory(team=team))) == ["step,split\r\n"]


def test_tensorboard_reads_the_same_values(
    member_client: Client, job: TrainingJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = job.checkpoints.get(step=200)
    published.created += timedelta(minutes=5)
    published.save()
    path = downloaded(member_client, job, "tensorboard.zip", tmp_path)
    assert path.name == "night-day-tensorboard.zip"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    told = read_by_tensorboard(tmp_path)
    for split, tags in (("train", TRAIN_TAGS), ("eval", EVAL_TAGS)):
        assert set(told[split]) == set(tags)
        for tag, scalars in told[split].items():
            expected = job.metric_points.filter(split=split, tag=tag).order_by("step").values_list("step", "value")
            assert [(step, pytest.approx(value)) for _, step, value in scalars] == list(expected)
            assert scalars[1][0] == pytest.approx(published.created.timestamp())


def read_by_tensorboard(folder: Path) -> dict[str, dict[str, list]]:
    """Run -> tag -> [wall time, step, value] of each scalar."""
    run = subprocess.run([sys.executable, "-c", READ_BACK, folder], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
