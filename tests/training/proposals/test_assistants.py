"""The quick assistant: what it costs is said before, its dataset and training are as any, and then it proposes."""

import uuid

import pytest

import datasets.tasks as import_tasks
from datasets.importing import import_process
from datasets.models import Dataset
from datasets.production import versions
from datasets.production.choices import ProductionChoices
from datasets.services.labeling import production
from datasets.services.trash import move_to_trash
from ftcml.accounts.services import ledger
from tests.factories import BoxFactory, LabelFactory, VideoFactory, VideoFrameFactory, add_model, counts
from tests.processes import at_once
from training import tasks
from training.messages import proposal_words
from training.models import ModelRun, QuickAssistant, TrainingJob
from training.proposals import assistants, run_leases
from training.reasons import RunFailure
from training.refusals import JobRefused
from training.services import jobs
from training.states import JobState
from videos.models import Video

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("training_worker")]


@pytest.fixture
def labeled(team) -> Video:
    """A video with 20 labeled frames, and 2 that aren't."""
    video, cone = VideoFactory(team=team), LabelFactory(team=team, name="cone")
    for number in range(22):
        frame = VideoFrameFactory(video=video, number=number, seconds=number, finished=number < 20)
        if frame.finished:
            BoxFactory(frame=frame, label=cone)
    return video


def is_produced(assistant: QuickAssistant) -> None:
    """A worker has made the dataset."""
    ready = {"state": Dataset.State.READY, "labels": ["cone"], "counts": counts(labels=("cone",))}
    Dataset.objects.filter(pk=assistant.dataset_id).update(**ready)


def after_a_sweep(assistant: QuickAssistant) -> QuickAssistant:
    tasks.sweep()
    return QuickAssistant.objects.select_related("job", "run").get(pk=assistant.pk)


def test_from_a_click_to_proposals(labeled, coach) -> None:
    offer = assistants.offer(labeled)
    assert (offer.labeled, offer.refusal) == (20, "")
    assert f"reserves {offer.max_minutes} of your team's training minutes" in offer.costs
    assistant = assistants.start(labeled, coach)
    assert after_a_sweep(assistant).state == "PRODUCING"

    is_produced(assistant)
    assistant = after_a_sweep(assistant)
    job = assistant.job
    assert (assistant.state, job.state, job.steps_requested) == ("TRAINING", "QUEUED", 50)
    assert (job.description, job.created_by, list(job.datasets.all())) == (
        "Quick assistant",
        coach,
        [assistant.dataset],
    )
    balance = ledger.balance_of(labeled.team)
    assert balance.seconds_allowed - balance.seconds_remaining == 60 * offer.max_minutes, "charged as any training"
    assert after_a_sweep(assistant).job == job, "another sweep starts no other"

    add_model(job)
    assistant = after_a_sweep(assistant)
    assert (assistant.state, assistant.run.job, assistant.run.frames_total) == ("DONE", job, 2)
    after_a_sweep(assistant)
    assert ModelRun.objects.count() == 1


def test_the_end_of_each_step_wakes_who_takes_the_next(
    labeled, coach, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    woken: list[str] = []
    for module in (jobs, production, run_leases):
        monkeypatch.setattr(module, "wake", woken.append)
    monkeypatch.setattr("ftcml.installation.identity.work_must_wait", lambda: False)
    assistant = assistants.start(labeled, coach)

    monkeypatch.setattr(import_process, "produce_in_child", lambda dataset, lease: is_produced(assistant))
    import_tasks.import_next()
    assert woken.pop() == "training.tasks.advance_assistants"
    with django_capture_on_commit_callbacks(execute=True):
        tasks.advance_assistants()
    assert woken.pop() == "training.tasks.run_next_job"

    job = TrainingJob.objects.get()
    add_model(job)
    with django_capture_on_commit_callbacks(execute=True):
        for state in (JobState.PREPARING, JobState.RUNNING, JobState.SUCCEEDED):
            jobs.transition(job, state, by="a worker")
    assert woken == ["training.tasks.advance_assistants"]
    with django_capture_on_commit_callbacks(execute=True):
        tasks.advance_assistants()
    assert woken.pop() == "training.tasks.run_next_model"
    assert QuickAssistant.objects.get().state == "DONE"


def test_its_dataset_is_no_version_of_what_people_produce(labeled, coach) -> None:
    def produced(name: str) -> Dataset:
        choices = ProductionChoices(videos=(str(labeled.pk),))
        is_next = versions.latest(labeled.team, [labeled]) is not None
        dataset = production.request(labeled.team, coach, name, [labeled], choices, is_next)
        Dataset.objects.filter(pk=dataset.pk).update(state=Dataset.State.READY)
        return dataset

    Video.objects.filter(pk=labeled.pk).update(description="bikes")
    names = []
    for _ in range(2):
        assistant = assistants.start(Video.objects.get(pk=labeled.pk), coach)
        is_produced(assistant)
        names += [str(assistant.dataset), str(produced("bikes"))]
        QuickAssistant.objects.update(state="DONE")
    assert names == ["bikes, quick assistant", "bikes", "bikes, quick assistant v2", "bikes v2"]
    assert proposal_words.assistant_dataset("2026-11-30 match 4 of 9", 30) == "2026-11-30 m…, quick assistant"


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_workers_that_are_woken_at_the_same_moment_take_each_step_once(labeled, coach) -> None:
    assistant = assistants.start(labeled, coach)
    is_produced(assistant)
    assert at_once(*[assistants.advance] * 4) == [None] * 4
    job = TrainingJob.objects.get()
    add_model(job)
    assert at_once(*[assistants.advance] * 4) == [None] * 4
    assistant.refresh_from_db()
    assert (assistant.state, assistant.job, assistant.run) == ("DONE", job, ModelRun.objects.get())


def test_it_waits_for_20_labeled_frames_and_for_the_one_before(labeled) -> None:
    labeled.frames.filter(number=3).update(finished=False)
    assert assistants.offer(labeled).to_go == 1
    with pytest.raises(JobRefused, match="Label 20 frames first"):
        assistants.start(labeled, None)
    labeled.frames.filter(number=3).update(finished=True)
    assistants.start(labeled, None)
    with pytest.raises(JobRefused, match="already learns"):
        assistants.start(labeled, None)
    assert Dataset.objects.count() == 1


def test_a_team_without_minutes_is_told_before_the_click(labeled) -> None:
    ledger.reserve(labeled.team, uuid.uuid4(), ledger.balance_of(labeled.team).seconds_remaining)
    assert "training minutes" in assistants.offer(labeled).refusal
    with pytest.raises(JobRefused):
        assistants.start(labeled, None)
    assert not Dataset.objects.exists()


def test_what_fails_on_the_way_is_said(labeled, coach) -> None:
    assistant = assistants.start(labeled, coach)
    Dataset.objects.filter(pk=assistant.dataset_id).update(state="FAILED", reason_code="no_finished_frame")
    assistant = after_a_sweep(assistant)
    assert (assistant.state, assistant.reason_code) == ("FAILED", RunFailure.NO_DATASET)
    assert "couldn't produce a dataset" in assistant.error

    Dataset.objects.all().delete()
    assistant = assistants.start(labeled, coach)
    move_to_trash(assistant.dataset)
    assert after_a_sweep(assistant).reason_code == RunFailure.NO_DATASET, "its import waits until it's restored"

    Dataset.objects.all().delete()
    assistant = assistants.start(labeled, coach)
    is_produced(assistant)
    assistant = after_a_sweep(assistant)
    jobs.request_stop(assistant.job, coach)
    assert TrainingJob.objects.get().state == JobState.CANCELED
    assert after_a_sweep(assistant).reason_code == RunFailure.NO_MODEL
