"""What the server says of Start Training: the form, the plan, and each starting model."""

import html
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from datasets.inspection import inspecting
from datasets.models import Dataset
from ftcml.accounts.models import Team
from ftcml.accounts.services import ledger
from tests.factories import DatasetFactory, TrainingJobFactory, counts
from tests.training.curve_points import publish
from training.models import TrainingJob
from training.services.starting.names import unused_name
from training.services.starting.starting_offers import ACCURACY

pytestmark = pytest.mark.usefixtures("training_worker")


def test_the_same_form_sent_twice_starts_one_job(member_client: Client, cones: Dataset) -> None:
    form = {
        "dataset": cones.pk,
        "starting_model": "SSD MobileNet v2 320x320",
        "training_steps": 400,
        "max_minutes": 60,
        "description": "cone finder",
        "job_id": uuid.uuid4(),
    }
    answers = [member_client.post("/start-training/", form) for _ in range(2)]
    started = TrainingJob.objects.get()
    assert [answer["HX-Redirect"] for answer in answers] == [f"/models/#job-{started.pk}"] * 2


def test_a_model_that_is_not_offered_is_refused_at_its_field(member_client: Client, cones: Dataset) -> None:
    form = {"dataset": cones.pk, "starting_model": "YOLO", "training_steps": 400, "max_minutes": 60}
    answer = member_client.post("/start-training/", {**form, "description": "cones", "job_id": uuid.uuid4()})
    assert answer.status_code == 422
    assert "Choose a starting model from the list." in answer.content.decode()
    assert not TrainingJob.objects.exists()


def test_datasets_with_different_labels_get_no_form(member_client: Client, cones: Dataset, team: Team) -> None:
    cubes = DatasetFactory(team=team, description="cubes", labels=["cube"], created=timezone.now())
    answer = member_client.get("/start-training/", {"dataset": [cones.pk, cubes.pk]}).content.decode()
    assert "only “cubes” has “cube”" in answer
    assert "<form" not in answer


def test_the_proposed_minutes_leave_room_for_the_estimate(member_client: Client, cones: Dataset, team: Team) -> None:
    assert 'value="60"' in member_client.get("/start-training/", {"dataset": cones.pk}).content.decode()
    TrainingJobFactory(
        team=team, training_seconds=600, steps_completed=200, live_step=200, batch_size=32, accelerator="cpu"
    )
    page = member_client.get("/start-training/", {"dataset": cones.pk}).content.decode()
    assert "About 3 hours 25 minutes" in page
    assert 'value="310"' in page


def test_a_plan_for_half_typed_numbers_says_what_is_missing(member_client: Client, cones: Dataset) -> None:
    choices = {
        "dataset": cones.pk,
        "starting_model": "SSD MobileNet v2 320x320",
        "training_steps": "",
        "max_minutes": "-",
    }
    answer = member_client.get("/start-training/plan/", choices).content.decode()
    assert "Choose 50 to 20,000 training steps." in answer


def test_a_plan_counts_no_epochs_below_zero(member_client: Client, cones: Dataset) -> None:
    choices = {"dataset": cones.pk, "starting_model": "SSD MobileNet v2 320x320", "training_steps": "-5"}
    plan = member_client.get("/start-training/plan/", choices).content.decode()
    assert '<dd id="plan-epochs">0</dd>' in plan
    assert "-5" not in plan


def test_each_starting_model_says_what_it_is_for_how_long_it_takes_and_how_accurate_it_was(
    member_client: Client, cones: Dataset, team: Team
) -> None:
    job = TrainingJobFactory(
        team=team, state="SUCCEEDED", training_seconds=600, steps_completed=200, live_step=200, batch_size=32
    )
    publish(job, (100, 200))
    job.metric_points.filter(tag=ACCURACY, step=100).update(value=0.625)
    page = member_client.get("/start-training/", {"dataset": cones.pk}).content.decode()
    assert "Fastest to train and on the robot. Start with this one." in page
    assert "4,100 steps take about 3 hours 25 minutes." in page
    assert html.escape("Accuracy in our test: 0.99. Your team's best: 0.62.") in page
    assert "Accuracy in our test: 0.97." in page
    plan = {"dataset": cones.pk, "starting_model": "SSD MobileNet V1 FPN 640x640", "training_steps": 1000}
    assert "1,000 steps take about 3 hours" in member_client.get("/start-training/plan/", plan).content.decode()
    assert "It needs a server with a GPU. This server has none." in page
    assert "pedestrian" not in page


def test_a_starting_model_that_takes_longer_than_the_minutes_left_says_so(
    member_client: Client, cones: Dataset, team: Team
) -> None:
    TrainingJobFactory(
        team=team, state="SUCCEEDED", training_seconds=600, steps_completed=200, live_step=200, batch_size=32
    )
    warning = "longer than the {} your team has left. It would stop early, "
    page = member_client.get("/start-training/", {"dataset": cones.pk}).content.decode()
    cards = page.split('class="choice-card"')[1:]
    long = [card for card in cards if warning.format("600 minutes") in card]
    assert any("V2 FPNLite 640x640" in card for card in long)
    assert not any("SSD MobileNet v2 320x320" in card for card in long)
    largest = next(card for card in long if "V1 FPN 640x640" in card)
    assert "20,000 steps take about 142 hours." in largest
    assert "It would stop early, after about 1,400 steps." in largest
    ledger.reset(Team.objects.filter(pk=team.pk), 60, "test")
    page = member_client.get("/start-training/", {"dataset": cones.pk}).content.decode()
    of_default = next(card for card in page.split('class="choice-card"') if "SSD MobileNet v2 320x320" in card)
    assert warning.format("1 minute") in of_default


def test_the_dialog_tells_what_the_dataset_page_says_before_you_train(member_client: Client, team: Team) -> None:
    few = DatasetFactory(team=team, description="few", counts=counts(training=10, evaluation=5))
    inspecting.inspect(few)
    page = member_client.get("/start-training/", {"dataset": few.pk}).content.decode()
    assert "Only 10 training frames." in page
    assert f'href="/datasets/{few.pk}/"' in page


def test_a_name_that_is_taken_gets_a_number(team: Team) -> None:
    assert unused_name(team, "cones") == "cones"
    TrainingJobFactory(team=team, description="Cones")
    TrainingJobFactory(team=team, description="cones 2")
    assert unused_name(team, "cones") == "cones 3"
    TrainingJobFactory(team=team, description="c" * 30)
    assert unused_name(team, "c" * 40) == "c" * 28 + " 2"
