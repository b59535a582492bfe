"""A model is trained more: which one can be, on what, and how its counters go on from where the parent ended."""

import threading
from pathlib import Path

import pytest

from datasets.models import Dataset
from detector.contract import attempt_files, reports, spec
from ftcml.accounts.services import ledger
from ftcml.core.files import storage
from tests.factories import DatasetFactory, TeamFactory, TrainingJobFactory
from tests.lineages import checkpoint, trained
from tests.training.scripted import completes, dies_after, supervise, until_interrupted
from training import messages
from training.integrity import integrity_check, lost_files
from training.models import TrainingJob
from training.reasons import Code, Reason
from training.refusals import JobRefused
from training.services import jobs, lineage
from training.services.progress import live
from training.services.starting.choices import TrainingChoices
from training.states import JobState
from training.worker import job_leases

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("training_worker")]


@pytest.fixture
def parent(team) -> TrainingJob:
    return trained(400, team=team, description="raccoons", started_from="weights of the zoo")


@pytest.fixture
def more(parent, coach):
    """Train the parent more the way the pages do: `more(training_steps=300)`, each value with a usual default."""

    def more(parent=parent, **choices) -> TrainingJob:
        usual = {"datasets": [], "training_steps": 200, "max_minutes": 10, "description": "raccoons again"}
        return jobs.train_more(parent, coach, TrainingChoices(**{**usual, **choices}))

    return more


class TestStarting:
    def test_a_child_goes_on_where_its_parent_ended(self, more, parent, team) -> None:
        child = more(training_steps=250, max_minutes=30)

        child.refresh_from_db()
        assert (child.parent, child.state) == (parent, JobState.QUEUED)
        assert (child.first_step, child.steps_requested, child.last_step) == (400, 250, 650)
        assert (child.steps_completed, child.live_step, child.has_checkpoint) == (400, 400, False)
        assert (child.starting_model, child.starts_from) == (parent.starting_model, "raccoons")
        assert child.started_from == "the model “raccoons” at step 400"
        assert (child.labels, child.batch_size) == (parent.labels, 32)
        assert ledger.balance_of(team).seconds_remaining == (600 - 30) * 60

    def test_its_files_give_as_many_detections_as_its_parents_unless_it_says_so(self, more, parent) -> None:
        parent.max_detections = 10
        parent.save()
        assert [more().max_detections, more(max_detections=40).max_detections] == [10, 40]

    def test_the_parents_datasets_are_always_used_again(self, more, parent, team) -> None:
        extra = DatasetFactory(team=team)
        own = parent.datasets.get()
        assert list(more().datasets.all()) == [own]
        assert set(more(datasets=[extra, own]).datasets.all()) == {own, extra}

    @pytest.mark.parametrize("state", [JobState.STOPPED, JobState.FAILED])
    def test_a_training_that_ended_early_can_be_a_parent(self, state, more, team) -> None:
        assert more(parent=trained(217, team=team, state=state)).first_step == 217

    def test_a_child_can_be_a_parent(self, more, parent, team) -> None:
        child = trained(600, team=team, parent=parent, first_step=400)
        assert more(parent=child).first_step == 600

    def test_while_the_queue_is_full_it_waits_for_another_try(self, more, team, coach, settings) -> None:
        settings.QUEUE_LIMIT = 0
        child = more()
        assert (child.state, ledger.balance_of(team).seconds_remaining) == (JobState.TRY_AGAIN_LATER, 36_000)
        settings.QUEUE_LIMIT = 1
        assert jobs.retry(child, coach).state == JobState.QUEUED

    @pytest.mark.parametrize(
        ("choices", "sentence"),
        [
            ({"training_steps": 49}, "Choose 50 to 20,000"),
            ({"max_minutes": 601}, "has 600 training minutes left, but this training would reserve 601"),
            ({"description": " "}, "1 to 30 characters"),
        ],
    )
    def test_choices_that_make_no_job_are_refused_in_a_sentence(self, more, team, choices, sentence) -> None:
        with pytest.raises(JobRefused, match=sentence):
            more(**choices)
        assert TrainingJob.objects.count() == 1
        assert ledger.balance_of(team).seconds_remaining == 36_000

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"labels": ["cone"]}, "Their labels must be the same"),
            ({"labels": ["cone", "raccoon"]}, "has “cone”"),
            ({"state": Dataset.State.PRODUCING}, "isn't ready yet"),
        ],
    )
    def test_a_dataset_that_does_not_fit_is_refused(self, more, team, fields, sentence) -> None:
        with pytest.raises(JobRefused, match=sentence):
            more(datasets=[DatasetFactory(team=team, **fields)])

    def test_another_teams_dataset_is_refused_like_one_that_is_gone(self, more) -> None:
        with pytest.raises(JobRefused, match="was deleted"):
            more(datasets=[DatasetFactory(team=TeamFactory())])


class TestParents:
    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"state": JobState.RUNNING, "steps_completed": 100}, "“raccoons” hasn't ended yet"),
            ({"state": JobState.CANCELED}, "“raccoons” ended before its first checkpoint"),
            ({"state": JobState.FAILED}, "“raccoons” ended before its first checkpoint"),
            ({"state": JobState.FAILED, "first_step": 400, "steps_completed": 400}, "before its first checkpoint"),
            ({"state": JobState.STOPPED, "steps_completed": 100}, "The server lost the files of “raccoons”"),
        ],
    )
    def test_a_model_that_cannot_be_trained_more_says_why(self, more, team, fields, sentence) -> None:
        parent = TrainingJobFactory(team=team, description="raccoons", **fields)
        assert sentence in messages.words(lineage.more_refusal(parent))
        with pytest.raises(JobRefused, match=sentence):
            more(parent=parent)

    def test_the_best_checkpoint_is_no_substitute_for_a_lost_newest(self, parent) -> None:
        checkpoint(parent, 300)
        parent.checkpoints.filter(step=400).update(folder="")
        assert "lost the files" in messages.words(lineage.more_refusal(parent))

    def test_the_datasets_on_offer(self, parent, team) -> None:
        fits = DatasetFactory(team=team)
        other = DatasetFactory(team=team, description="cones", labels=["cone"])
        DatasetFactory(team=team, state=Dataset.State.FAILED)
        DatasetFactory(team=TeamFactory())

        offer = lineage.Offer.of(parent)

        own = parent.datasets.get()
        assert (offer.own, offer.possible) == ([own], [fits])
        assert offer.impossible == [(other, f"Only “cones” has “cone”; only “{own}” has “raccoon”.")]

        parent.datasets.add(fits)
        ((_, sentence),) = lineage.Offer.of(parent).impossible
        assert sentence == "Only “cones” has “cone”; “cones” has no “raccoon”."


class TestTraining:
    def test_a_child_trains_to_its_last_step_from_the_weights_of_its_parent(self, more) -> None:
        seen: list[str] = []

        def script(trainer):
            seen.append((Path(trainer.job.parent_from) / "model.index").read_text())
            trainer.is_at("preparing", 400)
            yield
            for step in (500, 600):
                trainer.is_at("training", step)
                yield
                trainer.saves(step)
                yield
            trainer.ends("completed", 600)

        child = more(training_steps=200)
        trainer = supervise(child, script)

        assert seen == ["weights of raccoons at step 400"]
        assert (trainer.job.first_step, trainer.job.steps, trainer.job.resume_from) == (400, 600, "")
        assert trainer.job.starting_weights == "weights of the zoo"
        assert trainer.job.parent == "the model “raccoons” at step 400"
        assert (child.state, child.steps_completed) == (JobState.SUCCEEDED, 600)
        assert [saved.step for saved in child.checkpoints.all()] == [500, 600]

    def test_after_a_death_it_goes_on_from_its_own_checkpoint(self, more) -> None:
        child = more(training_steps=300)
        supervise(child, dies_after(500))
        assert (child.state, child.steps_completed) == (JobState.QUEUED, 500)

        trainer = supervise(child, completes)

        assert (trainer.job.resume_step, trainer.job.parent_from) == (500, "")
        assert (trainer.job.first_step, trainer.job.steps) == (400, 700)
        assert child.state == JobState.SUCCEEDED

    def test_after_a_death_before_its_first_checkpoint_it_begins_again_from_its_parent(self, more) -> None:
        child = more(training_steps=200)
        supervise(child, dies_after())
        assert (child.state, child.deaths_in_a_row, child.live_step) == (JobState.QUEUED, 1, 400)
        supervise(child, until_interrupted(450), shutdown=_shut_down())
        assert (child.state, child.steps_completed) == (JobState.QUEUED, 450)

    def test_a_stop_before_its_own_first_checkpoint_cancels_it(self, more, coach) -> None:
        child = more()
        assert jobs.request_stop(child, coach).state == JobState.CANCELED

    def test_a_stop_before_its_first_step_leaves_no_model(self, more) -> None:
        def script(trainer):
            trainer.is_at("preparing", 400)
            yield
            jobs.request_stop(TrainingJob.objects.get(description="raccoons again"), by="carla")
            while not trainer.interrupted:
                yield
            trainer.is_at("exporting", 400)
            yield
            attempt_files.write(trainer.folder / attempt_files.RESULT, reports.Result("interrupted", 0))

        child = more()
        supervise(child, script)
        assert (child.state, child.model_name, child.steps_completed) == (JobState.CANCELED, "", 400)

    def test_a_time_that_ends_before_its_first_step_is_a_failure(self, more) -> None:
        def script(trainer):
            while not trainer.interrupted:
                trainer.is_at("training", 400)
                yield
            attempt_files.write(trainer.folder / attempt_files.RESULT, reports.Result("interrupted", 0))

        child = more(max_minutes=1)
        supervise(child, script)
        assert child.state == JobState.FAILED
        assert "ran out before the first training step" in child.state_reason

    def test_a_stop_in_its_middle_keeps_the_step(self, more) -> None:
        def script(trainer):
            trainer.is_at("training", 431)
            yield
            jobs.request_stop(TrainingJob.objects.get(description="raccoons again"), by="carla")
            yield
            yield from until_interrupted(431)(trainer)

        child = more()
        supervise(child, script)
        assert (child.state, child.steps_completed) == (JobState.STOPPED, 431)
        assert child.model_name

    def test_a_parent_whose_files_are_lost_is_told(self, more, parent) -> None:
        child = more()
        storage.remove_tree(parent.prefix)
        for job, lost in list(lost_files.lost_files()):
            lost_files.give_up(job, lost)

        supervise(child, completes)

        assert child.state == JobState.STATE_UNSPECIFIED
        lost = "The server lost the files of the model “raccoons” at step 400, which this training builds on."
        assert child.state_reason.startswith(lost)
        assert contradictions_of(child) == []

    def test_its_seconds_left_are_those_of_its_own_steps(self, more) -> None:
        child = more(training_steps=200)
        child.state, child.live_step, child.live_steps_per_second = JobState.RUNNING, 500, 2.0
        assert live(child).seconds_left == 50

    def test_a_worker_of_the_version_before_leaves_it_queued(self, more, start, monkeypatch) -> None:
        child, other = more(max_detections=10), start(max_detections=10)
        monkeypatch.setattr(spec, "FORMAT", spec.FORMAT_WITHOUT_PARENT)
        assert job_leases.claim_next("of-yesterday", "cpu") == other
        assert job_leases.claim_next("of-yesterday", "cpu") is None
        child.refresh_from_db()
        assert child.state == JobState.QUEUED

    def test_without_a_checkpoint_of_its_own_its_row_is_sound(self, more) -> None:
        child = more()
        assert contradictions_of(child) == []
        TrainingJob.objects.filter(pk=child.pk).update(steps_completed=500)
        assert contradictions_of(child) == [Reason(Code.OTHER_STEP, {"steps": 500, "newest": 400})]


def contradictions_of(job: TrainingJob) -> list[Reason]:
    return [how for found, how in integrity_check.contradictory() if found == job]


def _shut_down() -> threading.Event:
    event = threading.Event()
    event.set()
    return event
