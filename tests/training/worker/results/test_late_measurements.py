"""What was saved at a stop, at the end of the time or at a shutdown is measured before the model is made."""

import threading
from collections.abc import Iterator

import pytest

from detector.contract.reports import MEAN_PRECISION
from tests.factories import DatasetFactory, add_best
from tests.lineages import trained
from tests.training import promises
from tests.training.scripted import (
    ScriptedClock,
    ScriptedTrainer,
    content,
    measures,
    supervise,
)
from training import messages
from training.insight.thresholds import threshold_of
from training.models import TrainingJob
from training.services import jobs, lineage, model_note
from training.services.starting.choices import TrainingChoices
from training.states import JobState
from training.worker import job_leases
from training.worker.supervisor import Supervisor


def until_measuring(trainer: ScriptedTrainer, at: int, earlier: float | None) -> Iterator[None]:
    """Measures step 100 where `earlier` says so, is interrupted at another step, and begins to measure that one."""
    if earlier is not None:
        trainer.is_at("training", 100)
        trainer.saves(100, **{MEAN_PRECISION: earlier})
        yield
    while not trainer.interrupted:
        trainer.is_at("training", at)
        yield
    trainer.saves(at)
    trainer.is_at("measuring", at)


def broken_off(at: int, precision: float, model_step: int, earlier: float | None = None):
    """Measures step 100 where `earlier` says so, is interrupted at another step, and measures that one in the end."""

    def script(trainer):
        yield from until_measuring(trainer, at, earlier)
        yield from [None] * 30
        trainer.measures_late(at, precision)
        trainer.is_at("exporting", at)
        yield
        trainer.ends("interrupted", at, model_step=model_step)

    return script


def stopped(script):
    """The same, where the team presses Stop after a second."""

    def stopped_script(trainer):
        lines = script(trainer)
        yield next(lines)
        jobs.request_stop(TrainingJob.objects.latest("created"), by="carla")
        yield from lines

    return stopped_script


def note(job: TrainingJob) -> str:
    return messages.words(model_note.model_note(job, model_note.measured(job).is_last))


def test_a_stopped_training_has_results_of_its_last_step(start) -> None:
    job = start(training_steps=300)
    supervise(job, stopped(broken_off(130, precision=0.6, model_step=130)))

    checkpoint = job.checkpoints.get()
    assert (job.state, job.best_checkpoint, checkpoint.mean_precision) == (JobState.STOPPED, checkpoint, 0.6)
    assert content(checkpoint.detections_name) == b"late boxes"
    assert job.metric_points.get(split="eval", tag=MEAN_PRECISION).step == 130
    assert threshold_of(job).text == "0.73"
    assert (checkpoint.found_percent, checkpoint.false_alarms, checkpoint.ap50) == (90, 2, 0.75)
    assert note(job) == ""


def test_at_the_end_of_the_time_the_better_of_two_checkpoints_is_given_and_nothing_is_charged(start) -> None:
    job = start(training_steps=300, max_minutes=1)
    supervise(job, broken_off(130, precision=0.6, model_step=100, earlier=0.9))

    assert (job.state, job.reason_code, job.training_seconds) == (JobState.STOPPED, "out_of_time", 60)
    assert (job.best_step, job.model_step, job.steps_completed) == (100, 100, 130)
    assert {row.step for row in job.checkpoints.with_files()} == {100, 130}
    assert note(job) == "Step 130 scored lower than step 100, so you get the model from step 100."


def test_the_better_of_two_checkpoints_may_be_the_last(start) -> None:
    job = start(training_steps=300, max_minutes=1)
    supervise(job, broken_off(130, precision=0.95, model_step=130, earlier=0.9))
    assert (job.best_step, job.model_step) == (130, 130)
    assert {row.step for row in job.checkpoints.with_files()} == {130}


def test_after_a_restart_of_the_server_another_worker_measures(start) -> None:
    shutdown = threading.Event()

    def is_killed_while_it_measures(trainer):
        while not trainer.interrupted:
            trainer.is_at("training", 130)
            yield
        trainer.saves(130)
        trainer.is_at("measuring", 130)
        yield
        shutdown.set()
        yield from [None] * 5

    def measures_and_exports(trainer):
        trainer.is_at("measuring", 130)
        trainer.measures_late(130, 0.6)
        yield
        trainer.ends("completed", 130)

    job = start(training_steps=300)
    supervise(job, stopped(is_killed_while_it_measures), shutdown)
    assert (job.state, job.best_checkpoint, job.has_model) == (JobState.STOPPED, None, False)

    again = ScriptedTrainer(measures_and_exports)
    Supervisor(job_leases.claim_export("worker-2"), again, threading.Event(), ScriptedClock(again)).run()
    job.refresh_from_db()
    assert (again.job.resume_step, again.job.resume_map) == (130, None)
    assert (job.best_step, job.model_step) == (130, 130)


def test_a_model_of_an_earlier_attempt_is_made_again_when_the_training_came_further(start) -> None:
    """Also where the worker is gone before it makes the new one."""
    job, shutdown = start(training_steps=300), threading.Event()

    def is_shut_down(trainer):
        trainer.is_at("training", 100)
        yield
        shutdown.set()
        yield
        trainer.saves(100)
        trainer.ends("interrupted", 100)

    supervise(job, is_shut_down, shutdown)
    assert job.has_model
    supervise(job, measures(step_200=0.5))
    jobs.request_stop(job, by="carla")
    assert job_leases.claim_export("worker-2") == job


class MinutesPass(ScriptedClock):
    """A turn takes a minute."""

    def passes(self, seconds: float) -> None:
        super().passes(60 * seconds)


def test_many_evaluation_frames_may_take_an_hour(start) -> None:
    def script(trainer):
        while not trainer.interrupted:
            trainer.is_at("training", 130)
            yield
        trainer.saves(130)
        trainer.is_at("measuring", 130)
        yield from [None] * 60
        trainer.measures_late(130, 0.6)
        yield
        trainer.ends("interrupted", 130)

    job = start(training_steps=300)
    trainer = supervise(job, stopped(script), clocks=MinutesPass)
    assert not trainer.killed
    assert (job.best_step, job.model_step) == (130, 130)


class TestOfAChild:
    @pytest.fixture
    def parent(self, team) -> TrainingJob:
        parent = trained(300, team=team, description="raccoons")
        add_best(parent, 300, 0.9)
        return parent

    def child(self, parent: TrainingJob, coach, datasets=()) -> TrainingJob:
        return jobs.train_more(parent, coach, TrainingChoices(list(datasets), 200, 10, "raccoons again"))

    @pytest.fixture
    def worse(self):
        """Seven steps, which come to less than the parent."""

        def script(trainer):
            while not trainer.interrupted:
                trainer.is_at("training", 307)
                yield
            trainer.saves(307)
            trainer.is_at("measuring", 307)
            yield
            trainer.measures_late(307, 0.4)
            trainer.measures_late(300, 0.9)
            yield
            trainer.ends("interrupted", 307, model_step=300)

        return stopped(script)

    def test_one_that_learned_little_gives_the_parents_model_and_says_so(
        self, parent, coach, worse, training_worker
    ) -> None:
        child = self.child(parent, coach)
        trainer = supervise(child, worse)

        assert (trainer.job.parent_best_step, trainer.job.parent_best_map) == (300, 0.9)
        assert (child.state, child.best_step, child.model_step, child.steps_completed) == ("STOPPED", 300, 300, 307)
        assert threshold_of(child).is_measured
        assert note(child) == "Your 7 new steps didn't improve it, so you get the model from step 300."
        promises.balances_are_exact()

    def test_its_own_curves_have_its_own_steps_alone(self, parent, coach, worse, training_worker) -> None:
        child = self.child(parent, coach)
        supervise(child, worse)
        assert set(child.metric_points.filter(split="eval").values_list("step", flat=True)) == {307}

    def test_on_other_frames_the_parents_number_says_nothing(self, parent, coach, team, worse, training_worker) -> None:
        child = self.child(parent, coach, datasets=[DatasetFactory(team=team)])
        assert supervise(child, worse).job.parent_best_map is None

    def test_a_grandchild_compares_with_what_the_child_measured_on_the_same_frames(
        self, parent, coach, team, worse, training_worker
    ) -> None:
        """Not with what the model reached on the fewer frames of its first training."""
        child = self.child(parent, coach, datasets=[DatasetFactory(team=team)])
        supervise(child, worse)
        child.checkpoints.filter(step=300).update(mean_precision=0.7)
        grandchild = self.child(child, coach)
        told = supervise(grandchild, measures(step_400=0.8)).job
        assert (told.parent_best_step, told.parent_best_map) == (300, 0.7)

    def test_the_parents_model_stays_the_best_when_a_training_goes_on_after_a_restart(
        self, parent, coach, team, training_worker
    ) -> None:
        """The worker measured it before the restart, and once more at the end."""
        child, shutdown = self.child(parent, coach, datasets=[DatasetFactory(team=team)]), threading.Event()

        def is_shut_down(trainer):
            trainer.is_at("training", 307)
            yield
            shutdown.set()
            yield
            trainer.saves(307)
            trainer.measures_late(307, 0.4)
            trainer.measures_late(300, 0.9)
            trainer.ends("interrupted", 307, model_step=300)

        def goes_on(trainer):
            trainer.is_at("training", 500)
            trainer.saves(500, **{MEAN_PRECISION: 0.5})
            yield
            trainer.is_at("measuring", 500)
            trainer.measures_late(300, 0.9)
            yield
            trainer.ends("completed", 500, model_step=300)

        supervise(child, is_shut_down, shutdown)
        assert (child.state, child.best_step) == (JobState.QUEUED, 300)
        supervise(child, goes_on)
        assert (child.state, child.best_step, child.model_step) == (JobState.SUCCEEDED, 300, 300)

    def test_its_own_child_compares_with_the_same_model(self, parent, coach, worse, training_worker) -> None:
        child = self.child(parent, coach)
        supervise(child, worse)
        assert lineage.model_checkpoint(child) == parent.checkpoints.get(step=300)


def dies_of_measuring(trainer):
    """The kernel kills it, for measuring needs more memory than there is; without measuring it comes to the end."""
    last = trainer.job.resume_step
    trainer.is_at("measuring", last)
    yield
    if not trainer.job.measures_at_end:
        trainer.exports()
        trainer.ends("completed", last, model_step=trainer.job.best_step or last)


def exported(job: TrainingJob, script) -> ScriptedTrainer:
    """Another worker makes the files of the ended job."""
    trainer = ScriptedTrainer(script)
    assert job_leases.claim_export("worker-2") == job
    Supervisor(TrainingJob.objects.get(pk=job.pk), trainer, threading.Event(), ScriptedClock(trainer)).run()
    job.refresh_from_db()
    return trainer


class TestMeasuringThatKillsTheTrainer:
    """The third trainer measures nothing, so that what was learned becomes a model all the same."""

    def stopped_at_130(self, earlier: float | None):
        def script(trainer):
            yield from until_measuring(trainer, 130, earlier)
            yield

        return stopped(script)

    @pytest.mark.parametrize(
        ("earlier", "model_step", "said"),
        [
            (None, 130, "This model wasn't measured. Try it on a few pictures before you use it."),
            (
                0.9,
                100,
                "Step 130 wasn't measured, so you get the model from step 100, the best one that was measured.",
            ),
        ],
        ids=["nothing was measured before", "an earlier checkpoint was measured"],
    )
    def test_a_stopped_training_gives_the_best_that_is_known(self, start, earlier, model_step, said) -> None:
        job = start(training_steps=300)
        supervise(job, self.stopped_at_130(earlier))
        assert (job.state, job.deaths_in_a_row) == (JobState.STOPPED, 1)

        assert exported(job, dies_of_measuring).job.measures_at_end
        assert (job.deaths_in_a_row, note(job)) == (2, "")
        exported(job, dies_of_measuring)
        assert (job.has_model, job.model_step) == (True, model_step)
        assert note(job) == said

    def test_a_child_that_trained_every_step_succeeds_though_its_parent_cannot_be_measured(
        self, team, coach, training_worker
    ) -> None:
        parent = trained(300, team=team, description="raccoons")
        add_best(parent, 300, 0.9)
        choices = TrainingChoices([DatasetFactory(team=team)], 200, 10, "raccoons again")
        child = jobs.train_more(parent, coach, choices)

        def trains(trainer):
            trainer.is_at("training", 500)
            trainer.saves(500, **{MEAN_PRECISION: 0.5})
            yield
            trainer.is_at("measuring", 500)
            yield

        supervise(child, trains)
        assert supervise(child, dies_of_measuring).job.measures_at_end
        assert (child.state, child.deaths_in_a_row) == (JobState.QUEUED, 2)
        supervise(child, dies_of_measuring)
        assert (child.state, child.model_step) == (JobState.SUCCEEDED, 500)
        assert note(child) == ("“raccoons” may be better than this model. The server didn't compare them, so try both.")

    def test_what_an_attempt_before_has_measured_counts(self, team, coach, training_worker) -> None:
        """Also of the parent, whose numbers the job has as its own then."""
        parent = trained(300, team=team, description="raccoons")
        add_best(parent, 300, 0.9)
        choices = TrainingChoices([DatasetFactory(team=team)], 200, 10, "raccoons again")
        child = jobs.train_more(parent, coach, choices)

        def dies_of_exporting(trainer):
            if trainer.job.resume_step < 500:
                trainer.is_at("training", 500)
                trainer.saves(500, **{MEAN_PRECISION: 0.5})
                yield
                trainer.measures_late(300, 0.7)
            trainer.is_at("exporting", 500)
            yield

        for _ in range(2):
            supervise(child, dies_of_exporting)
        told = supervise(child, dies_of_measuring).job
        assert (told.measures_at_end, told.parent_best_step, told.parent_best_map) == (False, 300, 0.7)

    def test_a_training_whose_only_checkpoint_cannot_be_measured_succeeds(self, start) -> None:
        """Nothing was saved before the first evaluation, which kills the trainer. The second saves first."""

        def trains(trainer):
            if trainer.job.resume_step:
                yield from dies_of_measuring(trainer)
                return
            trainer.is_at("training", 100)
            yield
            trainer.is_at("evaluating", 100)
            if trainer.job.measures_last_apart:
                trainer.saves(100)
                trainer.is_at("measuring", 100)
            yield

        job = start(training_steps=100)
        for _ in range(4):
            assert job.state == JobState.QUEUED
            supervise(job, trains)
        assert (job.state, job.model_step) == (JobState.SUCCEEDED, 100)
        assert note(job) == "This model wasn't measured. Try it on a few pictures before you use it."

    def test_deaths_before_the_last_step_say_nothing_of_measuring(self, start) -> None:
        job = start(training_steps=300)
        for _ in range(2):
            supervise(job, measures())
        assert supervise(job, measures()).job.measures_at_end
