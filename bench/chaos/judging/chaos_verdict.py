"""Whether a server kept its promises: judged from its jobs' stories alone, after whatever was done to it."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bench.chaos.judging.chaos_story import Account, Change, Story
from detector.contract.failure import Cause
from training.reasons import Code
from training.states import LEASED, TERMINAL, JobState

# So many deaths in a row without a checkpoint end a job, by the documentation.
DEATHS = 3
# A span of time in which a second began and none ended is counted as one second.
ROUNDING = 1


# How a sentence begins about what is measured from one change of state to the next, by the time of day.
BY_THE_STORY = "and it was RUNNING for"


@dataclass(frozen=True)
class Wrong:
    """A promise that was not kept. `seconds`: by how many an account is wrong."""

    kind: str
    what: str
    seconds: int = 0


@dataclass(frozen=True)
class Verdict:
    """`tidied`: files that no row refers to and that the hourly tidying removed, as it may after a kill."""

    wrongs: list[Wrong]
    jobs: int = 0
    attempts: int = 0
    states: dict[str, int] = field(default_factory=dict)
    tidied: int = 0


def read_verdict(line: str) -> Verdict:
    fields = json.loads(line)
    return Verdict(**{**fields, "wrongs": [Wrong(**wrong) for wrong in fields["wrongs"]]})


def wrongs_of_jobs(stories: Iterable[Story]) -> Iterator[Wrong]:
    for story in stories:
        for kind, find in RULES:
            yield from (Wrong(kind, f"job {story.job}: {what}") for what in find(story))
        yield from wrong_seconds(story)


def wrongs_of_accounts(accounts: Iterable[Account]) -> Iterator[Wrong]:
    for account in accounts:
        if off := account.balance - account.sum_of_entries:
            yield Wrong("seconds", f"{account.team}: the balance is {off} s off the sum of its entries", abs(off))


# --- how a job may end ----------------------------------------------------------------------------


def lost(story: Story) -> Iterator[str]:
    """A job ends as it should, and with what it should have then."""
    if story.state not in TERMINAL:
        yield f"it has not ended: {story.state} {story.reason}"
    elif story.state == JobState.SUCCEEDED and story.steps_completed != story.steps_requested:
        yield f"SUCCEEDED at step {story.steps_completed} of {story.steps_requested}"
    elif story.state in (JobState.STOPPED, JobState.CANCELED) and not (_was_stopped(story) or _is_out_of_time(story)):
        yield f"{story.state}, which nobody asked for: {story.reason}"
    elif story.state == JobState.FAILED and not (_died_too_often(story) or story.reason_code == Cause.DISK_IS_FULL):
        yield f"FAILED without {DEATHS} deaths in a row: {story.reason}"
    newest = max((checkpoint.step for checkpoint in story.checkpoints), default=0)
    if story.steps_completed != newest:
        yield f"it says step {story.steps_completed}, and its newest checkpoint is of step {newest}"
    if story.state in TERMINAL and newest and not story.model_attempts:
        yield "it has a checkpoint, and no model file"


def _was_stopped(story: Story) -> bool:
    return any(change.reason == Code.STOP_WANTED for change in story.changes)


def _is_out_of_time(story: Story) -> bool:
    return story.training_seconds >= story.max_seconds


def _died_too_often(story: Story) -> bool:
    """Whether the last changes are so many deaths, the newest checkpoint being older than all of them."""
    newest = max((checkpoint.at for checkpoint in story.checkpoints), default=None)
    deaths = [change for change in story.changes if _is_death(change) and (newest is None or change.at > newest)]
    return len(deaths) >= DEATHS


def _is_death(change: Change) -> bool:
    ends_an_attempt = change.old in LEASED and change.new in (JobState.QUEUED, JobState.FAILED)
    return ends_an_attempt and change.reason not in (Code.SHUT_DOWN, Code.HANDED_OVER)


# --- what may happen on the way -------------------------------------------------------------------


def run_twice(story: Story) -> Iterator[str]:
    """One owner at a time: its numbers grow, and nothing of a former owner is referred to."""
    for step, times in Counter(checkpoint.step for checkpoint in story.checkpoints).items():
        if times > 1:
            yield f"step {step} was published {times} times"
    for earlier, later in pairwise(sorted(story.checkpoints, key=lambda checkpoint: checkpoint.step)):
        if later.lease_number < earlier.lease_number:
            yield f"step {later.step} is of lease {later.lease_number}, after one of lease {earlier.lease_number}"
    for checkpoint in story.checkpoints:
        if checkpoint.attempts - {checkpoint.lease_number}:
            yield f"step {checkpoint.step} refers to files of {sorted(checkpoint.attempts)}, not of its own lease"
    newest = max((checkpoint.lease_number for checkpoint in story.checkpoints), default=0)
    if len(story.model_attempts) > 1 or any(number < newest for number in story.model_attempts):
        yield f"its model files are of {sorted(story.model_attempts)}, its newest checkpoint of lease {newest}"
    claims = sum(change.new == JobState.PREPARING for change in story.changes)
    if claims > story.lease_number:
        yield f"it was claimed {claims} times, with {story.lease_number} leases"
    for before, after in pairwise(story.changes):
        if before.new != after.old:
            yield f"it became {before.new}, and then went from {after.old} to {after.new}"


def gone_back(story: Story) -> Iterator[str]:
    """Each attempt goes on from the newest checkpoint, and no more than one interval lies between two."""
    for attempt in story.attempts:
        before = [c.step for c in story.checkpoints if c.lease_number < attempt.lease_number]
        newest = max(before, default=0)
        if attempt.resume_step != newest:
            yield f"attempt {attempt.lease_number} began at {attempt.resume_step}, the newest checkpoint being {newest}"
    interval = max((attempt.interval for attempt in story.attempts), default=0)
    for earlier, later in pairwise([0, *sorted(checkpoint.step for checkpoint in story.checkpoints)]):
        if later - earlier > interval:
            yield f"no checkpoint between step {earlier} and step {later}"


def recorded_twice(story: Story) -> Iterator[str]:
    """A value for each step, split and tag, and of published steps alone."""
    for (split, tag, step), times in Counter(story.points).items():
        if times > 1:
            yield f"{split} {tag} of step {step} was recorded {times} times"
    steps = {checkpoint.step for checkpoint in story.checkpoints}
    recorded = {step for _, _, step in story.points}
    for step in sorted(steps ^ recorded):
        yield f"step {step} has {'no metrics' if step in steps else 'metrics and no checkpoint'}"


# --- what it costs --------------------------------------------------------------------------------


def wrong_seconds(story: Story) -> Iterator[Wrong]:
    """An ended job's reserve is its charge and its refund, once each; the charge is what it used, and no more."""
    kinds = [kind for kind, _ in story.entries]
    if kinds != _expected_entries(story):
        yield _seconds(story, story.max_seconds, f"its entries are {kinds}")
        return
    entries = dict(story.entries)
    if off := entries.get("reserve", story.max_seconds) - story.max_seconds:
        yield _seconds(story, off, f"{entries['reserve']} s were reserved of {story.max_seconds}")
    if "charge" in entries:
        yield from _wrong_ends(story, entries["reserve"], entries["charge"], entries["refund"])


def _expected_entries(story: Story) -> list[str]:
    """What never was in the queue costs nothing."""
    if not any(change.new == JobState.QUEUED for change in story.changes):
        return []
    return ["reserve", "charge", "refund"] if story.state in TERMINAL else ["reserve"]


def _wrong_ends(story: Story, reserve: int, charge: int, refund: int) -> Iterator[Wrong]:
    if off := reserve - charge - refund:
        yield _seconds(story, off, f"{off} s of its reserve are neither charged nor returned")
    if off := charge - min(story.training_seconds, story.max_seconds):
        yield _seconds(story, off, f"{charge} s are charged for {story.training_seconds}")
    running = _seconds_in_running(story.changes)
    if charge - running > ROUNDING:
        yield _seconds(story, charge - running, f"{charge} s are charged, {BY_THE_STORY} {running:.1f}")


def _seconds_in_running(changes: Iterable[Change]) -> float:
    """By the clock on the wall, until the change that follows; STOP REQUESTED and STOPPING still train."""
    training = (JobState.RUNNING, JobState.STOP_REQUESTED, JobState.STOPPING)
    return sum((after.at - before.at).total_seconds() for before, after in pairwise(changes) if before.new in training)


def _seconds(story: Story, off: float, what: str) -> Wrong:
    return Wrong("seconds", f"job {story.job}: {what}", abs(round(off)))


RULES: tuple[tuple[str, Callable[[Story], Iterator[str]]], ...] = (
    ("lost", lost),
    ("run twice", run_twice),
    ("gone back", gone_back),
    ("recorded twice", recorded_twice),
)
