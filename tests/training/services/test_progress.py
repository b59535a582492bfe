"""What a page says of a job between two checkpoints: the step, the loss, and when the model is being packaged."""

import pytest
from django.test import Client

from ftcml.accounts.models import Team
from tests.factories import TrainingJobFactory
from training.models import TrainingJob
from training.services.progress import live
from training.states import JobState

pytestmark = pytest.mark.django_db

RUNNING = {"state": JobState.RUNNING, "steps_requested": 600, "live_step": 47, "live_steps_per_second": 2.0}


def page(client: Client, address: str = "/models/") -> str:
    return " ".join(client.get(address).content.decode().split())


def says_once_that_it_packages(client: Client, job: TrainingJob) -> bool:
    return page(client, f"/models/{job.pk}/").lower().count("packaging your model") == 1


def test_a_running_job_shows_its_step_and_its_loss(member_client: Client, team: Team) -> None:
    job = TrainingJobFactory(team=team, live_loss=1.234, live_phase="training", **RUNNING)
    assert "Step 47 of 600 · loss 1.23 · 5 min left" in page(member_client)
    assert "<li>loss 1.23</li>" in page(member_client, f"/models/{job.pk}/")


def test_the_end_of_a_job_is_the_packaging_of_its_model(member_client: Client, team: Team) -> None:
    for phase in ("measuring", "exporting"):
        job = TrainingJobFactory(team=team, live_phase=phase, **{**RUNNING, "live_step": 600})
        present = live(job)
        assert present
        assert (present.phase, present.seconds_left) == ("packaging", None)
    assert page(member_client).count("Packaging your model") == 2
    assert "less than a minute left" not in page(member_client)
    assert says_once_that_it_packages(member_client, job)


def test_a_stopped_job_is_packaged_while_its_files_are_made(member_client: Client, team: Team) -> None:
    job = TrainingJobFactory(team=team, state=JobState.STOPPED, steps_completed=130)
    job.checkpoints.create(step=130, lease_number=1, folder="somewhere")
    assert "Packaging your model" in page(member_client)
    assert says_once_that_it_packages(member_client, job)
