from django.utils.dateparse import parse_datetime

from tests.factories import TrainingJobFactory
from training.reasons import Code, Reason
from training.services import jobs
from training.states import JobState


def test_every_change_of_state_with_its_reason_and_what_to_try_next(member_api, team) -> None:
    job = TrainingJobFactory(team=team)
    jobs.transition(job, JobState.CANCELED, by="milo", why=Reason(Code.STOP_WANTED, {"by": "milo"}))
    (event,) = member_api.get(f"/api/v1/training-jobs/{job.pk}/events/").json()
    assert parse_datetime(event.pop("created")) == job.events.get().created
    reason = {"reason_code": "stop_wanted", "reason_params": {"by": "milo"}}
    assert event == {"old_state": "QUEUED", "new_state": "CANCELED", "by": "milo", **reason, "why": "stopped by milo"}
    told = member_api.get(f"/api/v1/training-jobs/{job.pk}/").json()
    assert {name: told[name] for name in ("reason_code", "reason_params")} == reason
    assert told["state_reason"] == "stopped by milo"
    assert "Start a new training" in told["advice"]
