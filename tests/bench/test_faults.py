"""Which kills `make chaos` makes, and which it spares a job."""

import random

from hypothesis import given
from hypothesis import strategies as st

from bench.server.faults import KINDS, Deaths, plan

SEEDS = st.integers(0, 10_000)


@given(kills=st.integers(0, 200), seed=SEEDS)
def test_a_plan_has_so_many_kills_of_known_kinds_and_is_the_same_for_the_same_seed(kills, seed):
    kinds = plan(kills, random.Random(seed))

    assert len(kinds) == kills
    assert set(kinds) <= set(KINDS)
    assert kinds == plan(kills, random.Random(seed))


@given(kills=st.integers(len(KINDS), 200), seed=SEEDS)
def test_a_plan_leaves_no_kind_out(kills, seed):
    assert set(plan(kills, random.Random(seed))) == set(KINDS)


def test_a_job_is_worn_out_after_two_deaths_until_it_has_a_new_checkpoint():
    deaths = Deaths()
    job, other = {"id": "a", "steps_completed": 0}, {"id": "b", "steps_completed": 0}

    deaths.note(job)
    assert not deaths.is_worn_out(job)
    deaths.note(job)
    assert deaths.is_worn_out(job)
    assert not deaths.is_worn_out(other)

    job["steps_completed"] = 100
    assert not deaths.is_worn_out(job)
    deaths.note(job)
    assert deaths.count(job) == 1
