"""What `make chaos` prints of what it has found."""

from bench.chaos.chaos import KINDS, Played, print_all, promises
from bench.chaos.chaos_room import Outcome
from bench.chaos.judging.chaos_verdict import RULES, Verdict, Wrong

GOOD = Played("kills", 12.5, Outcome({"trainer": 5, "broker": 1}, Verdict([], jobs=6, attempts=11)))
BAD = Played("postgres", 3.0, Outcome({}, Verdict([Wrong("run twice", "a step"), Wrong("seconds", "a reserve", 30)])))
ELSEWHERE = Played("disk", 0.0, Outcome({}, Verdict([])), not_run="a small disk needs root")


def test_every_promise_is_kept_when_nothing_is_wrong():
    assert all(promise.kept for promise in promises([GOOD, ELSEWHERE]))


def test_each_wrong_breaks_its_own_promise():
    broken = {promise.promise: promise.figure for promise in promises([GOOD, BAD]) if not promise.kept}
    assert broken == {"run twice": 1, "seconds wrong": 30}


def test_every_kind_of_wrong_has_its_column():
    assert {kind for kind, _ in RULES} <= set(KINDS)


def test_the_table_has_a_row_for_each_scenario_and_says_what_was_not_run(capsys):
    print_all([GOOD, BAD, ELSEWHERE])
    printed = capsys.readouterr().out

    assert "| kills    | 5 trainer, 1 broker " in printed
    assert "not run: a small disk needs root" in printed
