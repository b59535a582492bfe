"""The verdict of `make chaos` finds each kind of wrong in stories that are made up, and nothing in a good one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bench.chaos.judging.chaos_story import Account, Attempt, Change, Published, Story
from bench.chaos.judging.chaos_verdict import wrongs_of_accounts, wrongs_of_jobs
from detector.contract.failure import Cause
from training.reasons import Code

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


# A trainer that was killed once: its job went on from step 100 under the second lease.
GOOD = Story(
    job="finds raccoons",
    state="SUCCEEDED",
    reason="",
    reason_code="",
    steps_requested=200,
    steps_completed=200,
    max_seconds=600,
    training_seconds=70,
    lease_number=2,
    changes=(
        Change("", "QUEUED", at(0)),
        Change("QUEUED", "PREPARING", at(1)),
        Change("PREPARING", "RUNNING", at(10)),
        Change("RUNNING", "QUEUED", at(60), "killed"),
        Change("QUEUED", "PREPARING", at(61)),
        Change("PREPARING", "RUNNING", at(70)),
        Change("RUNNING", "SUCCEEDED", at(100)),
    ),
    checkpoints=(Published(100, 1, at(50), frozenset({1})), Published(200, 2, at(95), frozenset({2}))),
    attempts=(Attempt(1, 0, 100), Attempt(2, 100, 100)),
    points=(("train", "loss", 100), ("train", "loss", 200)),
    entries=(("reserve", 600), ("charge", 70), ("refund", 530)),
    model_attempts=frozenset({2}),
)
DEAD_AT_ONCE = Story(
    job="dies",
    state="FAILED",
    reason="That makes 3 ends in a row without a new checkpoint.",
    reason_code="killed",
    steps_requested=200,
    steps_completed=0,
    max_seconds=600,
    training_seconds=0,
    lease_number=3,
    changes=(
        Change("", "QUEUED", at(0)),
        Change("QUEUED", "PREPARING", at(1)),
        Change("PREPARING", "QUEUED", at(2), "killed"),
        Change("QUEUED", "PREPARING", at(3)),
        Change("PREPARING", "QUEUED", at(4), "worker_is_gone"),
        Change("QUEUED", "PREPARING", at(5)),
        Change("PREPARING", "FAILED", at(6), "killed"),
    ),
    checkpoints=(),
    attempts=(Attempt(1, 0, 100),),
    points=(),
    entries=(("reserve", 600), ("charge", 0), ("refund", 600)),
    model_attempts=frozenset(),
)
FIRST, SECOND = GOOD.checkpoints


def kinds(story: Story) -> list[str]:
    return [wrong.kind for wrong in wrongs_of_jobs([story])]


@pytest.mark.parametrize("story", [GOOD, DEAD_AT_ONCE], ids=lambda story: story.job)
def test_what_ended_as_it_should_is_right(story):
    assert kinds(story) == []


def test_a_stop_that_was_pressed_and_a_full_disk_are_right_ends():
    pressed = Change("RUNNING", "STOP REQUESTED", at(80), Code.STOP_WANTED)
    stopped = replace(
        GOOD,
        state="STOPPED",
        steps_requested=400,
        changes=(*GOOD.changes[:-1], pressed, Change("STOP REQUESTED", "STOPPED", at(100))),
    )
    full = replace(DEAD_AT_ONCE, reason_code=Cause.DISK_IS_FULL, changes=DEAD_AT_ONCE.changes[:1])

    assert kinds(stopped) == []
    assert kinds(replace(stopped, changes=GOOD.changes)) == ["lost"]
    assert kinds(full) == []


def test_a_job_in_try_again_later_that_was_canceled_costs_nothing():
    changes = (Change("", "TRY_AGAIN_LATER", at(0)), Change("TRY_AGAIN_LATER", "CANCELED", at(1), Code.STOP_WANTED))
    canceled = replace(DEAD_AT_ONCE, state="CANCELED", changes=changes, lease_number=0, attempts=(), entries=())

    assert kinds(canceled) == []


@pytest.mark.parametrize(
    "story",
    [
        replace(GOOD, state="RUNNING", entries=GOOD.entries[:1]),
        replace(GOOD, state="FAILED", reason="the worker was killed once"),
        replace(GOOD, steps_requested=300),
        replace(GOOD, model_attempts=frozenset()),
        replace(DEAD_AT_ONCE, changes=(*DEAD_AT_ONCE.changes[:2], Change("PREPARING", "FAILED", at(6)))),
    ],
    ids=["not ended", "failed though it learned", "too few steps", "no model", "failed at the first death"],
)
def test_a_job_that_did_not_end_as_it_should_is_lost(story):
    assert kinds(story) == ["lost"]


def test_the_newest_checkpoint_must_be_the_step_that_the_job_names():
    assert "lost" in kinds(replace(GOOD, steps_completed=100, steps_requested=100))


def test_deaths_before_a_checkpoint_do_not_count_for_those_after_it():
    learned = replace(
        DEAD_AT_ONCE,
        steps_completed=100,
        checkpoints=(Published(100, 3, at(5), frozenset({3})),),
        points=(("train", "loss", 100),),
        model_attempts=frozenset({4}),
    )
    assert kinds(learned) == ["lost"]


@pytest.mark.parametrize(
    "story",
    [
        replace(GOOD, checkpoints=(FIRST, replace(SECOND, attempts=frozenset({1})))),
        replace(GOOD, model_attempts=frozenset({1})),
        replace(GOOD, model_attempts=frozenset({2, 3})),
        replace(GOOD, lease_number=1),
        replace(GOOD, changes=(*GOOD.changes[:3], Change("RUNNING", "SUCCEEDED", at(100)), *GOOD.changes[3:])),
    ],
    ids=["files of another", "old model", "models of two", "one lease for two claims", "two ends"],
)
def test_two_owners_of_a_job_are_found(story):
    assert kinds(story) == ["run twice"]


def test_a_step_that_two_attempts_published_is_found():
    again = replace(FIRST, lease_number=2, attempts=frozenset({2}))
    assert kinds(replace(GOOD, checkpoints=(FIRST, again, SECOND))) == ["run twice"]


def test_a_checkpoint_of_a_former_owner_is_found():
    late = replace(GOOD.checkpoints[1], lease_number=1, attempts=frozenset({1}))
    early = replace(GOOD.checkpoints[0], lease_number=2, attempts=frozenset({2}))
    assert "run twice" in kinds(replace(GOOD, checkpoints=(early, late)))


def test_an_attempt_that_began_before_the_newest_checkpoint_is_found():
    assert kinds(replace(GOOD, attempts=(Attempt(1, 0, 100), Attempt(2, 0, 100)))) == ["gone back"]


def test_an_interval_without_a_checkpoint_is_found():
    assert kinds(replace(GOOD, attempts=(Attempt(1, 0, 50), Attempt(2, 100, 50)))) == ["gone back", "gone back"]


@pytest.mark.parametrize(
    "points",
    [(*GOOD.points, GOOD.points[0]), GOOD.points[:1], (*GOOD.points, ("train", "loss", 150))],
    ids=["twice", "not at all", "of no checkpoint"],
)
def test_a_step_is_recorded_once(points):
    assert kinds(replace(GOOD, points=points)) == ["recorded twice"]


@pytest.mark.parametrize(
    ("entries", "seconds"),
    [
        ((("reserve", 600), ("charge", 70), ("refund", 500)), 30),
        ((("reserve", 600), ("charge", 75), ("refund", 525)), 5),
        ((("reserve", 700), ("charge", 70), ("refund", 630)), 100),
        ((("reserve", 600),), 600),
        ((("reserve", 600), ("charge", 70), ("charge", 70), ("refund", 530)), 600),
    ],
    ids=["not returned", "charged too much", "reserved too much", "not settled", "charged twice"],
)
def test_seconds_that_are_wrong_are_counted(entries, seconds):
    (wrong,) = wrongs_of_jobs([replace(GOOD, entries=entries)])
    assert (wrong.kind, wrong.seconds) == ("seconds", seconds)


def test_no_more_is_charged_than_the_job_was_running():
    entries = (("reserve", 600), ("charge", 100), ("refund", 500))
    (wrong,) = wrongs_of_jobs([replace(GOOD, training_seconds=100, entries=entries)])
    assert (wrong.kind, wrong.seconds) == ("seconds", 20)


def test_a_balance_is_the_sum_of_its_entries():
    (wrong,) = wrongs_of_accounts([Account("Team 7001", 90, 100), Account("Team 7002", 5, 5)])
    assert (wrong.kind, wrong.seconds) == ("seconds", 10)
