"""When the server cannot take a job now: it waits in TRY_AGAIN_LATER, costs nothing, and is queued by another try."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ftcml.accounts.services import ledger
from tests.factories import TrainingJobFactory
from tests.lineages import trained
from training.integrity import sweeping
from training.models import TrainingJob, TrainingSwitch, TrainingWorker
from training.refusals import JobRefused
from training.services import jobs
from training.services.starting.choices import TrainingChoices
from training.states import JobState

pytestmark = pytest.mark.both_databases


def silent_for(minutes: float) -> None:
    TrainingWorker.objects.update(last_seen=timezone.now() - timedelta(minutes=minutes))


def test_without_a_training_worker_a_job_is_not_queued(start, team) -> None:
    silent_for(minutes=2.1)
    job = start()
    assert job.state == JobState.TRY_AGAIN_LATER
    assert job.state_reason.startswith("No training worker has reported for 2 minutes.")
    assert ledger.balance_of(team).seconds_remaining == 600 * 60
    assert [(event.new_state, event.why) for event in job.events.all()] == [("TRY_AGAIN_LATER", job.state_reason)]


def test_a_worker_that_is_only_silent_does_not_matter(start) -> None:
    silent_for(minutes=1.9)
    assert start().state == JobState.QUEUED


def test_a_full_queue_takes_no_more_and_jobs_at_work_do_not_fill_it(start, settings) -> None:
    settings.QUEUE_LIMIT = 1
    first, second = start(), start()
    assert (first.state, second.state) == (JobState.QUEUED, JobState.TRY_AGAIN_LATER)
    assert second.state_reason.startswith("The queue is full: 1 training is waiting, from all teams on this server.")
    TrainingJob.objects.filter(pk=first.pk).update(state=JobState.RUNNING)
    assert start().state == JobState.QUEUED


def test_an_operator_can_switch_training_off(start) -> None:
    TrainingSwitch.objects.create(pk=1, is_on=False)
    assert start().state_reason.startswith("Training is switched off on this server. Ask ")


class TestOneTeam:
    """May have so many trainings on their way, whoever of the team starts them."""

    @pytest.fixture(autouse=True)
    def _two_at_a_time(self, settings) -> None:
        settings.TEAM_MAX_JOBS = 2

    def test_one_more_is_refused_with_a_sentence_and_leaves_nothing(self, start, team) -> None:
        start(), start()
        with pytest.raises(JobRefused) as refused:
            start()
        assert str(refused.value) == (
            "Your team already has 2 trainings waiting or running. This server allows 2 at a time. Wait until one "
            "ends, or stop one."
        )
        assert TrainingJob.objects.count() == 2
        assert ledger.balance_of(team).seconds_remaining == 580 * 60

    def test_what_waits_to_be_tried_again_counts_and_can_be_queued(self, start, settings, member) -> None:
        settings.QUEUE_LIMIT = 0
        first = start()
        start()
        with pytest.raises(JobRefused, match="2 trainings waiting or running"):
            start()
        settings.QUEUE_LIMIT = 5
        assert jobs.retry(first, member).state == JobState.QUEUED

    def test_training_more_counts_as_well(self, start, team, coach) -> None:
        parent = trained(team=team)
        start(), start()
        with pytest.raises(JobRefused, match="2 trainings waiting or running"):
            jobs.train_more(parent, coach, TrainingChoices([], 200, 10, "more"))

    def test_what_has_ended_and_what_others_have_does_not_count(self, start, coach) -> None:
        first = start()
        start()
        TrainingJobFactory(), TrainingJobFactory()
        jobs.request_stop(first, coach)
        assert start().state == JobState.QUEUED


class TestTheSweep:
    """Queues what could not be queued before."""

    @pytest.fixture
    def waiting(self, start) -> list[TrainingJob]:
        silent_for(minutes=3)
        waiting = [start(max_minutes=10), start(max_minutes=10)]
        silent_for(minutes=0)
        return waiting

    @staticmethod
    def swept(waiting: list[TrainingJob]) -> list[str]:
        sweeping.sweep()
        for job in waiting:
            job.refresh_from_db()
        return [job.state for job in waiting]

    def test_as_many_as_there_is_room_for_the_oldest_first(self, waiting, settings, team) -> None:
        settings.QUEUE_LIMIT = 1
        assert self.swept(waiting) == [JobState.QUEUED, JobState.TRY_AGAIN_LATER]
        assert waiting[1].state_reason.startswith("The queue is full: 1 training is waiting")
        assert ledger.balance_of(team).seconds_remaining == 590 * 60

    def test_their_stories_say_that_it_was_the_server(self, waiting) -> None:
        assert self.swept(waiting) == [JobState.QUEUED] * 2
        event = waiting[0].events.last()
        assert (event.by, event.why) == ("sweep", "There was room again, so the server queued it.")

    def test_a_team_without_time_reads_so_and_others_are_queued(self, waiting, team) -> None:
        ledger.reserve(team, "00000000-0000-0000-0000-000000000001", 585 * 60)
        assert self.swept(waiting) == [JobState.QUEUED, JobState.TRY_AGAIN_LATER]
        assert waiting[1].state_reason.startswith("Your team has 5 training minutes left")

    def test_a_stop_wins(self, waiting, member) -> None:
        jobs.request_stop(waiting[0], member)
        assert self.swept(waiting) == [JobState.CANCELED, JobState.QUEUED]


class TestTryingAgain:
    @pytest.fixture
    def job(self, start) -> TrainingJob:
        silent_for(minutes=3)
        return start(max_minutes=10)

    def test_it_is_queued_and_its_time_reserved_once(self, job, team, member) -> None:
        silent_for(minutes=0)
        for _ in range(2):
            assert jobs.retry(job, member).state == JobState.QUEUED
        assert ledger.balance_of(team).seconds_remaining == 590 * 60
        assert job.events.last().by == "milo"

    def test_it_stays_with_the_present_reason_while_that_cannot_be(self, job, settings, member) -> None:
        settings.QUEUE_LIMIT = 0
        silent_for(minutes=0)
        assert jobs.retry(job, member).state == JobState.TRY_AGAIN_LATER
        assert job.state_reason.startswith("The queue is full")

    def test_a_team_without_time_is_told_so_and_the_job_stays(self, job, team, member) -> None:
        silent_for(minutes=0)
        ledger.reserve(team, "00000000-0000-0000-0000-000000000001", 595 * 60)
        with pytest.raises(JobRefused, match="5 training minutes left"):
            jobs.retry(job, member)
        job.refresh_from_db()
        assert (job.state, job.reason_code) == (JobState.TRY_AGAIN_LATER, "too_little_time")

    def test_a_stop_cancels_it(self, job, team, member) -> None:
        assert jobs.request_stop(job, member).state == JobState.CANCELED
        assert jobs.retry(job, member).state == JobState.CANCELED
        assert ledger.balance_of(team).seconds_remaining == 600 * 60
