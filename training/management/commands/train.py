import signal
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.http import Http404
from tqdm import tqdm

from datasets.models import Dataset
from detector.contract import catalog
from detector.contract.suppression import DEFAULT_DETECTIONS
from ftcml.accounts.models import Team
from ftcml.accounts.services.access import get_all_for_team
from ftcml.core.files import storage
from ftcml.core.files.storage import StorageAway
from ftcml.installation.identity import WrongStorage
from training.models import TrainingJob
from training.refusals import JobRefused
from training.services import jobs, registry
from training.services.jobs import LostRace
from training.services.starting.choices import TrainingChoices
from training.states import TERMINAL, JobState
from training.worker.training_worker import TrainerDoesNotStart, Worker

SECONDS_BETWEEN_LOOKS = 1.0
PRECISION = "DetectionBoxes_Precision/mAP@.50IOU"


class Command(BaseCommand):
    help = "Start a training and follow it to its end. Without a training worker, it trains right here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--team", type=int, required=True, metavar="NUMBER")
        parser.add_argument("--program", choices=Team.Program.values, default=Team.Program.FTC)
        parser.add_argument(
            "--dataset", action="append", required=True, metavar="ID", help="repeat it for several datasets"
        )
        parser.add_argument("--starting-model", default=catalog.DEFAULT, help="default: %(default)s")
        parser.add_argument("--steps", type=int, required=True)
        parser.add_argument("--max-minutes", type=int, required=True)
        parser.add_argument("--description", required=True, help="at most 30 characters")
        parser.add_argument(
            "--max-detections", type=int, help=f"of a picture, in the model's files; default: {DEFAULT_DETECTIONS}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        job = self._start(options)
        with self._stop_instead_of_dying(job), tqdm(total=job.steps_requested, unit="step", disable=None) as bar:
            self._bar = bar
            try:
                self._follow(job)
            except TrainerDoesNotStart as error:
                jobs.request_stop(job, by="command line")
                raise CommandError(f"{str(error).capitalize()}.") from None
        self._report(job)

    def _start(self, options: dict[str, Any]) -> TrainingJob:
        team = Team.objects.filter(program=options["program"], number=options["team"]).first()
        if team is None:
            raise CommandError(f"There is no {options['program']} team {options['team']}.")
        try:
            choices = TrainingChoices(
                datasets=get_all_for_team(Dataset.objects, team, options["dataset"]),
                training_steps=options["steps"],
                max_minutes=options["max_minutes"],
                description=options["description"],
                starting_model=options["starting_model"],
                max_detections=options["max_detections"],
            )
            return jobs.start(team, None, choices, is_trained_here=not registry.live_workers().exists())
        except Http404:
            raise CommandError(f"{team} doesn't have all of these datasets: {', '.join(options['dataset'])}.") from None
        except JobRefused as refusal:
            raise CommandError(str(refusal)) from None

    @contextmanager
    def _stop_instead_of_dying(self, job: TrainingJob) -> Iterator[None]:
        """Ctrl-C stops the job as a press on Stop does; what was learned is kept."""
        self._stop_wanted = False

        def note(*_: object) -> None:
            self._stop_wanted = True

        before = signal.signal(signal.SIGINT, note)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _follow(self, job: TrainingJob) -> None:
        """Watch the job until it has ended; train it here whenever it waits and no training worker is there."""
        here = Worker("command-line")
        try:
            while job.state not in TERMINAL:
                if job.state == JobState.QUEUED and not registry.live_workers().exists():
                    self._train(job, here)
                else:
                    time.sleep(SECONDS_BETWEEN_LOOKS)
                job.refresh_from_db()
                self._look(job)
        finally:
            here.shut_down()

    def _train(self, job: TrainingJob, here: Worker) -> None:
        try:
            here.work_on(job, self._look)
        except LostRace:
            self.stderr.write("Another training worker took this training.")
        except (WrongStorage, StorageAway) as problem:
            raise CommandError(f"{problem} The training waits in the queue.") from None

    def _look(self, job: TrainingJob) -> None:
        self._bar.set_description(job.state, refresh=False)
        self._bar.n = job.live_step
        self._bar.refresh()
        if self._stop_wanted:
            jobs.request_stop(TrainingJob.objects.get(pk=job.pk), by="command line")

    def _report(self, job: TrainingJob) -> None:
        steps = f"{job.steps_completed} of {job.steps_requested} steps in {job.training_seconds} s"
        if not job.has_model:
            raise CommandError(f"{job.state} after {steps}. {job.state_reason}")
        self.stdout.write(f"{job.state} after {steps}. {job.state_reason}".strip())
        precision = job.metric_points.filter(split="eval", tag=PRECISION, step=job.model_step).first()
        if precision:
            self.stdout.write(f"AP@.50 on the evaluation frames: {precision.value:.2f}")
        self.stdout.write(f"Model: {storage.local_path(job.model_name, jobs.work_folder(job))}")
