"""Long runs of models never take the places of trackers and of short runs, for which people wait."""

import pytest

from ftcml.launcher.programs import LABELING_AT_ONCE
from tests.factories import TeamFactory, TrainingJobFactory, VideoFactory
from training import tasks
from training.models import ModelRun
from training.proposals import run_leases, run_process
from training.proposals.run_leases import Lease

pytestmark = pytest.mark.django_db


def waits(team, frames: int) -> ModelRun:
    video, model = VideoFactory(team=team), TrainingJobFactory(team=team)
    return ModelRun.objects.create(team=team, video=video, job=model, last=frames - 1)


def test_there_is_always_room_for_a_tracker_and_a_short_run(monkeypatch) -> None:
    monkeypatch.setattr("ftcml.installation.identity.work_must_wait", lambda: False)
    monkeypatch.setattr(run_leases, "wake_worker", lambda: None)
    teams = [TeamFactory() for _ in range(3)]
    long = [waits(team, 1000) for team in teams]
    short = [waits(teams[0], 20) for _ in range(2)]
    begun: list[ModelRun] = []

    def worked_on(run: ModelRun, lease: Lease) -> None:
        """While it is at work, the worker's other threads look for work."""
        begun.append(run)
        tasks.run_next_model()

    monkeypatch.setattr(run_process, "run_in_child", worked_on)
    tasks.run_next_model()
    assert begun == [short[0], *long[:2]], "one short run of a team at a time, and two long ones in all"
    assert run_process.LONG_AT_ONCE + 1 < LABELING_AT_ONCE

    ModelRun.objects.filter(pk__in=[run.pk for run in begun]).update(state=ModelRun.State.DONE)
    begun.clear()
    tasks.run_next_model()
    assert begun == [short[1], long[2]]
