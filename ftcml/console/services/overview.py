"""The training workers and what each of them works on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ftcml.core import clock
from training.models import TrainingJob, TrainingWorker
from training.services import registry
from training.services.progress import Live, live
from training.states import LEASED


@dataclass(frozen=True)
class WorkerRow:
    """A worker, and a job that it has a lease on. Either may be None: idle, or not on the list of workers."""

    worker: TrainingWorker | None
    job: TrainingJob | None

    @property
    def live(self) -> Live | None:
        return live(self.job) if self.job else None

    @property
    def is_exporting(self) -> bool:
        """Whether it makes the model files of a training that has ended."""
        return self.job is not None and self.job.state not in LEASED

    @property
    def lease_ran_out(self) -> bool:
        """Whether the sweep is about to give the job to another worker."""
        return bool(self.job and self.job.lease_until and self.job.lease_until < clock.now())


@dataclass(frozen=True)
class Overview:
    """`live`: the workers that were seen lately. `silent`: the others. `unlisted`: leases of workers that are not on
    the list, as of the command `train`."""

    live: list[WorkerRow]
    silent: list[WorkerRow]
    unlisted: list[WorkerRow]

    @classmethod
    def now(cls) -> "Overview":
        seen = set(registry.live_workers().values_list("pk", flat=True))
        listed = list(TrainingWorker.objects.all())
        jobs_of = defaultdict(list)
        for job in TrainingJob.objects.exclude(lease_owner="").select_related("team").order_by("lease_owner"):
            jobs_of[registry.name_of(job.lease_owner)].append(job)
        names = {worker.name for worker in listed}
        return cls(
            live=_rows((worker for worker in listed if worker.pk in seen), jobs_of),
            silent=_rows((worker for worker in listed if worker.pk not in seen), jobs_of),
            unlisted=[WorkerRow(None, job) for name, jobs in jobs_of.items() if name not in names for job in jobs],
        )

    @property
    def is_working(self) -> bool:
        return any(row.job for row in (*self.live, *self.silent, *self.unlisted))


def _rows(listed: Iterable[TrainingWorker], jobs_of: Mapping[str, Sequence[TrainingJob | None]]) -> list[WorkerRow]:
    return [WorkerRow(worker, job) for worker in listed for job in jobs_of.get(worker.name) or [None]]
