"""Grants to and resets of several teams at once, between starts and ends in any order: every account stays exact."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import QuerySet, Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DjangoTestCase
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from ftcml.accounts.models import LedgerEntry, Team
from ftcml.accounts.services import ledger
from tests.factories import TeamFactory

SECONDS = st.integers(0, 50_000)
WHICH = st.integers(0, 1)


def _rows(teams: list[Team]) -> QuerySet[Team]:
    return Team.objects.filter(pk__in=[team.pk for team in teams])


class TwoTeams(RuleBasedStateMachine):
    """What each team used since its last reset is counted beside the ledger."""

    running = Bundle("running")

    def __init__(self) -> None:
        super().__init__()
        self.teams = [TeamFactory(), TeamFactory()]
        self.held: dict[uuid.UUID, tuple[Team, int]] = {}
        self.used = dict.fromkeys(self.teams, 0)

    @rule(target=running, which=WHICH, seconds=SECONDS)
    def start(self, which: int, seconds: int) -> uuid.UUID:
        job_id, team = uuid.uuid4(), self.teams[which]
        if seconds <= ledger.balance_of(team).seconds_remaining:
            ledger.reserve(team, job_id, seconds)
            self.held[job_id] = (team, seconds)
        return job_id

    @rule(job_id=consumes(running), used=SECONDS)
    def end(self, job_id: uuid.UUID, used: int) -> None:
        team, seconds = self.held.pop(job_id, (self.teams[0], 0))
        ledger.settle(job_id, used)
        self.used[team] += min(used, seconds)

    @rule(seconds=SECONDS)
    def grant_to_all(self, seconds: int) -> None:
        before = [ledger.balance_of(team).seconds_remaining for team in self.teams]
        assert ledger.grant_each(_rows(self.teams), seconds, "season") == 2
        after = [ledger.balance_of(team).seconds_remaining for team in self.teams]
        assert after == [remaining + seconds for remaining in before]

    @rule(which=WHICH, allowance=SECONDS)
    def reset_one(self, which: int, allowance: int) -> None:
        self._reset([self.teams[which]], allowance)

    @rule(allowance=SECONDS)
    def reset_all(self, allowance: int) -> None:
        self._reset(self.teams, allowance)

    def _reset(self, teams: list[Team], allowance: int) -> None:
        before = sum(account.remaining for account in ledger.accounts(teams))
        done = ledger.reset(_rows(teams), allowance, "season")
        for account in ledger.accounts(teams):
            self.used[account.team] = 0
            assert account.allowed == max(allowance, account.reserved)
            assert account.remaining + account.reserved == account.allowed
        after = sum(account.remaining for account in ledger.accounts(teams))
        assert done == ledger.Reset(teams=len(teams), seconds=after - before)

    @invariant()
    def every_second_is_somewhere(self) -> None:
        for account in ledger.accounts(self.teams):
            entries = LedgerEntry.objects.filter(team=ledger.balance_of(account.team).team)
            assert account.remaining == entries.aggregate(sum=Sum("balance_change"))["sum"] >= 0
            assert account.reserved == sum(seconds for team, seconds in self.held.values() if team == account.team)
            assert account.used == self.used[account.team]


class LedgerOfTwoTeams(DjangoTestCase):
    def test_every_order_of_events_leaves_exact_accounts(self) -> None:
        run_state_machine_as_test(TwoTeams, settings=hypothesis_settings(max_examples=20, stateful_step_count=15))


def test_a_reset_says_why_and_by_how_much(team) -> None:
    job_id = uuid.uuid4()
    ledger.reserve(team, job_id, 30_000)
    ledger.settle(job_id, used=20_000)
    ledger.reserve(team, uuid.uuid4(), 1_000)

    done = ledger.reset(Team.objects.all(), 36_000, "new season")

    entry = LedgerEntry.objects.get(kind="adjust")
    assert (entry.seconds, entry.balance_change, entry.reason) == (20_000, 20_000, "new season")
    assert done.seconds == 20_000
    assert ledger.accounts([team]) == [ledger.Account(team, allowed=36_000, remaining=35_000, reserved=1_000)]


def test_jobs_that_hold_more_than_the_allowance_leave_nothing(team) -> None:
    ledger.reserve(team, uuid.uuid4(), 30_000)
    ledger.reset(Team.objects.all(), 600, "less for everybody")
    assert ledger.accounts([team]) == [ledger.Account(team, allowed=30_000, remaining=0, reserved=30_000)]


def test_a_team_without_an_account_is_shown_with_the_allowance_and_gets_one_with_its_first_grant(team) -> None:
    assert ledger.accounts([team]) == [ledger.Account(team, allowed=36_000, remaining=36_000, reserved=0)]
    assert not LedgerEntry.objects.exists()
    ledger.grant_each(Team.objects.all(), 60, "season")
    assert list(LedgerEntry.objects.values_list("seconds", flat=True)) == [60, 36_000]


@pytest.mark.parametrize("act", [ledger.grant_each, ledger.reset])
def test_many_teams_cost_no_more_queries_than_one(db, act) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            act(Team.objects.all(), 60, "season")
        return len(queries)

    TeamFactory()
    queries()
    alone = queries()
    TeamFactory.create_batch(30)
    queries()
    assert queries() == alone


@pytest.mark.django_db(transaction=True)
def test_a_team_that_several_meet_first_begins_with_one_allowance() -> None:
    team = TeamFactory()
    at_once = threading.Barrier(4)

    def first_use(_: int) -> None:
        at_once.wait()
        ledger.balance_of(team)
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(first_use, range(4)))

    assert LedgerEntry.objects.get().seconds == ledger.balance_of(team).seconds_remaining == 36_000


@pytest.mark.django_db(transaction=True)
def test_resets_beside_starts_and_ends_leave_an_exact_balance() -> None:
    team = TeamFactory()
    ledger.balance_of(team)
    at_once = threading.Barrier(4)

    def play(player: int) -> None:
        at_once.wait()
        for _ in range(5):
            if player % 2:
                ledger.reset(Team.objects.all(), 36_000, "season")
            else:
                job_id = uuid.uuid4()
                ledger.reserve(team, job_id, 1_000)
                ledger.settle(job_id, used=400)
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(play, range(4)))

    ledger.reset(Team.objects.all(), 36_000, "season")
    balance = ledger.balance_of(team).seconds_remaining
    assert balance == LedgerEntry.objects.aggregate(sum=Sum("balance_change"))["sum"] == 36_000
