"""What wakes the sweeps: it goes on whatever happens to the clock, and needs no file."""

from datetime import timedelta

import pytest
from celery import beat
from celery.utils.imports import symbol_by_name
from django.conf import settings
from django.utils import timezone

from ftcml.celery import app
from ftcml.core.programs.beat import FIRST_AFTER


@pytest.fixture
def scheduler() -> beat.Scheduler:
    """As Celery beat makes it."""
    return symbol_by_name(app.conf.beat_scheduler)(app)


def seconds_to_wait(entry: beat.ScheduleEntry) -> float:
    due, seconds = entry.is_due()
    return 0 if due else seconds


@pytest.mark.parametrize("hours", [-3, 3], ids=["set back", "set forward"])
def test_a_clock_that_was_set_changes_nothing(scheduler: beat.Scheduler, monkeypatch, hours: int) -> None:
    sent = {name: scheduler.reserve(entry) for name, entry in scheduler.schedule.items()}
    monkeypatch.setattr(app, "now", lambda: timezone.now() + timedelta(hours=hours))
    assert settings.SWEEP_SECONDS - 1 < seconds_to_wait(sent["sweep-training"]) <= settings.SWEEP_SECONDS
    assert 3599 < seconds_to_wait(sent["tidy-training"]) <= 3600


def test_sweeps_come_at_once_and_the_hourly_tasks_on_a_server_that_runs_for_minutes(scheduler: beat.Scheduler) -> None:
    wait = {name: seconds_to_wait(entry) for name, entry in scheduler.schedule.items()}
    assert wait["sweep-training"] == 0
    assert wait["tidy-training"] == pytest.approx(FIRST_AFTER.total_seconds(), abs=5)


def test_it_writes_no_file(scheduler: beat.Scheduler) -> None:
    for entry in list(scheduler.schedule.values()):
        scheduler.reserve(entry)
    scheduler.close()
    assert not list(settings.DATA_DIR.glob("*beat*"))
