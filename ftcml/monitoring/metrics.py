"""What the server counts, for Prometheus: read from the database when it is asked for, and kept nowhere else."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from datasets.models import Dataset
from ftcml.accounts.models import LedgerEntry
from ftcml.core.files import storage
from training.integrity.sweeping import SWEEP
from training.models import JobEvent, TrainingJob
from training.services.registry import live_workers
from training.states import JobState
from videos.models import Video


class ServerCollector(Collector):
    """Every query counts in the database, so a scrape costs the same few rows for any number of teams."""

    def collect(self) -> Iterator[Metric]:
        yield from _jobs()
        yield GaugeMetricFamily(
            "ftcml_training_workers", "Training workers that were seen lately.", live_workers().count()
        )
        yield _sweep_actions()
        charged = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.CHARGE).aggregate(seconds=Sum("seconds"))
        yield CounterMetricFamily(
            "ftcml_training_seconds_charged", "Training seconds charged to teams.", charged["seconds"] or 0
        )
        yield _imports()
        yield _videos()
        yield GaugeMetricFamily(
            "ftcml_disk_free_bytes", "Free bytes on the disk of the data folder.", storage.free_bytes()
        )


def _jobs() -> Iterator[Metric]:
    rows = TrainingJob.objects.order_by().values("state")
    found = {row["state"]: row for row in rows.annotate(jobs=Count("pk"), speed=Sum("live_steps_per_second"))}
    counts = {state: row["jobs"] for state, row in found.items()}
    speed = found[JobState.RUNNING]["speed"] if JobState.RUNNING in found else 0
    yield _by_state("ftcml_jobs", "Training jobs by state.", JobState, counts)
    yield GaugeMetricFamily(
        "ftcml_queue_length", "Training jobs that wait for a worker.", counts.get(JobState.QUEUED, 0)
    )
    yield GaugeMetricFamily(
        "ftcml_training_steps_per_second", "Steps per second of all jobs in RUNNING together.", speed
    )


def _sweep_actions() -> Metric:
    """A gauge: the history of a job goes with the job, so the number can become smaller."""
    rows = JobEvent.objects.filter(by=SWEEP).order_by().values_list("new_state").annotate(Count("pk"))
    about = "Jobs that had lost their worker, by the state that the sweep gave them."
    return _by_state("ftcml_sweep_actions", about, JobState, dict(rows))


def _imports() -> Metric:
    rows = Dataset.objects.order_by().values_list("state").annotate(Count("pk"))
    return _by_state("ftcml_imports", "Imported datasets by state.", Dataset.State, dict(rows))


def _videos() -> Metric:
    rows = Video.objects.order_by().values_list("state").annotate(Count("pk"))
    return _by_state("ftcml_videos", "Videos and sets of pictures by state.", Video.State, dict(rows))


def _by_state(name: str, about: str, states: Iterable[str], counts: dict[str, int]) -> Metric:
    """One value for each state, also where there is nothing in it."""
    metric = GaugeMetricFamily(name, about, labels=["state"])
    for state in states:
        metric.add_metric([str(state)], counts.get(state, 0))
    return metric


_registry = CollectorRegistry()
_registry.register(ServerCollector())


def text() -> bytes:
    """All of it in Prometheus' text format, as it is now."""
    return generate_latest(_registry)
