"""The ledger of training seconds: whatever happens in whatever order, no second is lost or spent twice."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DjangoTestCase
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from ftcml.accounts.models import LedgerEntry
from ftcml.accounts.services import ledger
from tests.factories import TeamFactory

pytestmark = pytest.mark.both_databases

SECONDS = st.integers(0, 50_000)


class ASeason(RuleBasedStateMachine):
    """Starts, ends and grants of one team in any order."""

    running = Bundle("running")

    def __init__(self) -> None:
        super().__init__()
        self.team = TeamFactory()
        self.reserved: dict[uuid.UUID, int] = {}
        self.spent = self.granted = 0

    @rule(seconds=SECONDS)
    def grant(self, seconds: int) -> None:
        ledger.grant(self.team, seconds, "for good work")
        self.granted += seconds

    @rule(target=running, seconds=SECONDS)
    def start(self, seconds: int) -> uuid.UUID:
        job_id = uuid.uuid4()
        affordable = seconds <= self.remaining()
        try:
            ledger.reserve(self.team, job_id, seconds)
        except ledger.NotEnoughTime:
            assert not affordable
        else:
            assert affordable
            self.reserved[job_id] = seconds
        return job_id

    @rule(job_id=consumes(running), used=SECONDS)
    def end(self, job_id: uuid.UUID, used: int) -> None:
        reserved = self.reserved.pop(job_id, 0)
        assert ledger.settle(job_id, used) == min(used, reserved)
        self.spent += min(used, reserved)

    def remaining(self) -> int:
        return 36_000 + self.granted - self.spent - sum(self.reserved.values())

    @invariant()
    def nothing_is_lost_or_spent_twice(self) -> None:
        balance = ledger.balance_of(self.team)
        entries = LedgerEntry.objects.filter(team=self.team)
        assert balance.seconds_remaining == self.remaining() >= 0
        assert balance.seconds_remaining == entries.aggregate(sum=Sum("balance_change"))["sum"]
        assert balance.seconds_allowed == 36_000 + self.granted


class LedgerOfASeason(DjangoTestCase):
    def test_every_order_of_events_leaves_an_exact_balance(self) -> None:
        run_state_machine_as_test(ASeason, settings=hypothesis_settings(max_examples=30, stateful_step_count=20))


def test_at_rest_a_job_has_reserved_what_it_was_charged_and_got_back(team) -> None:
    job_id = uuid.uuid4()
    ledger.reserve(team, job_id, 600)
    ledger.settle(job_id, used=250)
    seconds = dict(LedgerEntry.objects.filter(job_id=job_id).values_list("kind", "seconds"))
    assert seconds["reserve"] == seconds["charge"] + seconds["refund"] == 600


def test_what_is_settled_stays_as_it_is(team) -> None:
    job_id = uuid.uuid4()
    ledger.reserve(team, job_id, 600)
    assert [ledger.settle(job_id, used) for used in (100, 100, 250, 0)] == [100] * 4
    assert ledger.balance_of(team).seconds_remaining == 36_000 - 100
    assert LedgerEntry.objects.filter(job_id=job_id).count() == 3


def test_a_grant_does_not_replace_the_allowance_of_a_new_team(team) -> None:
    ledger.grant(team, 600, "for good work")
    assert ledger.balance_of(team).seconds_allowed == 36_600


def test_a_job_that_reserved_nothing_is_charged_nothing(team) -> None:
    assert ledger.settle(uuid.uuid4(), used=100) == 0
    assert ledger.balance_of(team).seconds_remaining == 36_000


@pytest.mark.django_db(transaction=True)
def test_starts_at_the_same_time_cannot_spend_more_than_there_is() -> None:
    team = TeamFactory()
    ledger.balance_of(team)
    at_once = threading.Barrier(8)

    def reserve(_: int) -> bool:
        at_once.wait()
        try:
            ledger.reserve(team, uuid.uuid4(), 10_000)
        except ledger.NotEnoughTime:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        accepted = list(threads.map(reserve, range(8)))

    assert accepted.count(True) == 3
    assert ledger.balance_of(team).seconds_remaining == 6_000
