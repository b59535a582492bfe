import pytest
from django.core.cache import cache
from django.urls import reverse

from detector.contract import catalog
from ftcml.accounts.services.throttle import StartThrottle
from ftcml.core.files import storage
from tests.factories import DatasetFactory, TrainingJobFactory, add_best, add_model, counts
from training.models import MetricPoint, ModelFile, TrainingJob
from training.states import JobState

pytestmark = pytest.mark.usefixtures("training_worker")

JOBS = "/api/v1/training-jobs/"


def choices(*datasets, **others) -> dict:
    usual = {
        "datasets": [str(dataset.pk) for dataset in datasets],
        "starting_model": catalog.DEFAULT,
        "training_steps": 400,
        "max_minutes": 60,
        "description": "finds raccoons",
    }
    return {**usual, **others}


@pytest.fixture
def dataset(team):
    return DatasetFactory(team=team)


def test_a_job_is_started_and_read_again(member_api, dataset) -> None:
    started = member_api.post(JOBS, choices(dataset), format="json")
    assert started.status_code == 201

    job = member_api.get(f"{JOBS}{started.json()['id']}/").json()
    assert job == started.json()
    assert (job["state"], job["state_meaning"]) == ("QUEUED", "Waiting for a free training worker.")
    assert (job["description"], job["starting_model"]) == ("finds raccoons", catalog.DEFAULT)
    assert (job["steps_requested"], job["steps_completed"], job["max_minutes"]) == (400, 0, 60)
    assert job["max_detections"] == 25
    assert (job["labels"], job["datasets"]) == (["raccoon"], [str(dataset.pk)])
    assert (job["training_seconds"], job["live"], job["has_model"]) == (0, None, False)
    assert job["created"].endswith("Z")


def test_a_job_that_cannot_be_queued_now_is_tried_again(member_api, outsider_api, dataset, settings) -> None:
    settings.QUEUE_LIMIT = 0
    started = member_api.post(JOBS, choices(dataset), format="json")
    assert (started.status_code, started.json()["state"]) == (201, "TRY_AGAIN_LATER")
    retry = f"{JOBS}{started.json()['id']}/retry/"
    assert member_api.post(retry).json()["state"] == "TRY_AGAIN_LATER"

    settings.QUEUE_LIMIT = 1
    assert outsider_api.post(retry).status_code == 404
    assert member_api.post(retry).json()["state"] == "QUEUED"
    assert member_api.post(retry).json()["state"] == "QUEUED"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"training_steps": 49}, "Choose 50 to 20,000"),
        ({"max_minutes": 601}, "600 training minutes left"),
        ({"max_minutes": 10**30}, "Choose 1 to 10,080 minutes"),
        ({"max_detections": 1000}, "Choose 1 to 100 detections."),
        ({"description": ""}, "1 to 30 characters"),
        ({"starting_model": "YOLO"}, "no starting model"),
        ({"datasets": []}, "at least one dataset"),
    ],
)
def test_a_refusal_is_one_sentence(member_api, dataset, wrong, sentence) -> None:
    answer = member_api.post(JOBS, choices(dataset, **wrong), format="json")
    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]
    assert not TrainingJob.objects.exists()


def test_starting_is_throttled(member_api, dataset, monkeypatch) -> None:
    cache.clear()
    monkeypatch.setitem(StartThrottle.THROTTLE_RATES, "start", "1/hour")
    assert member_api.post(JOBS, choices(dataset), format="json").status_code == 201
    assert member_api.post(JOBS, choices(dataset), format="json").status_code == 429
    assert member_api.get(JOBS).status_code == 200


def test_jobs_are_listed_newest_first(member_api, team) -> None:
    older, newer = TrainingJobFactory(team=team), TrainingJobFactory(team=team)
    answer = member_api.get(JOBS).json()
    assert (answer["count"], answer["next"], answer["previous"]) == (2, None, None)
    assert [job["id"] for job in answer["results"]] == [str(newer.pk), str(older.pk)]


def test_a_longer_list_takes_no_more_queries(member_api, team, django_assert_max_num_queries) -> None:
    for _ in range(12):
        TrainingJobFactory(team=team)
    with django_assert_max_num_queries(9):  # one notes the token's last use
        assert member_api.get(JOBS).json()["count"] == 12


def test_a_running_job_says_how_it_gets_on(member_api, team) -> None:
    job = TrainingJobFactory(team=team, state=JobState.RUNNING, live_step=200, live_steps_per_second=2.0)
    live = member_api.get(f"{JOBS}{job.pk}/").json()["live"]
    assert live == {"step": 200, "steps_per_second": 2.0, "seconds_left": 100}


def test_a_job_without_evaluation_frames_says_so(member_api, team) -> None:
    job = TrainingJobFactory(team=team, dataset=DatasetFactory(team=team, counts=counts(evaluation=0)))
    assert "no evaluation frames" in member_api.get(f"{JOBS}{job.pk}/").json()["evaluation_note"]


def test_stopping_twice_is_stopping_once(member_api, team) -> None:
    job = TrainingJobFactory(team=team, state=JobState.RUNNING)
    for _ in range(2):
        answer = member_api.post(f"{JOBS}{job.pk}/stop/")
        assert (answer.status_code, answer.json()["state"]) == (200, "STOP REQUESTED")
    assert job.events.count() == 1


def test_an_ended_job_is_deleted_and_a_live_one_is_not(member_api, team) -> None:
    ended = TrainingJobFactory(team=team, state=JobState.STOPPED)
    alive = TrainingJobFactory(team=team, state=JobState.RUNNING)

    assert member_api.delete(f"{JOBS}{ended.pk}/").status_code == 204
    refused = member_api.delete(f"{JOBS}{alive.pk}/")

    assert refused.status_code == 409
    assert "Stop it first" in refused.json()["detail"]
    assert list(TrainingJob.objects.all()) == [alive]


def test_metrics_are_series_over_the_steps(member_api, team) -> None:
    job = TrainingJobFactory(team=team)
    for step, loss in ((200, 0.5), (100, 0.9)):
        MetricPoint.objects.create(job=job, split="train", tag="Loss/total_loss", step=step, value=loss)
    MetricPoint.objects.create(job=job, split="eval", tag="Loss/total_loss", step=100, value=1.5)

    assert member_api.get(f"{JOBS}{job.pk}/metrics/").json() == [
        {"split": "eval", "tag": "Loss/total_loss", "points": [[100, 1.5]]},
        {"split": "train", "tag": "Loss/total_loss", "points": [[100, 0.9], [200, 0.5]]},
    ]
    assert member_api.get(f"{JOBS}{job.pk}/metrics/?since=100").json() == [
        {"split": "train", "tag": "Loss/total_loss", "points": [[200, 0.5]]},
    ]
    assert member_api.get(f"{JOBS}{job.pk}/metrics/?since=soon").status_code == 400


def test_a_job_names_its_best_checkpoint_and_its_newest(member_api, team) -> None:
    job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED, steps_completed=400)
    add_best(job, 300, 0.62)
    add_model(job, step=300)
    told = member_api.get(f"{JOBS}{job.pk}/").json()
    assert (told["best_step"], told["best_map"], told["newest_step"], told["model_step"]) == (300, 0.62, 400, 300)


def test_before_the_first_checkpoint_there_is_no_best_one(member_api, team) -> None:
    told = member_api.get(f"{JOBS}{TrainingJobFactory(team=team).pk}/").json()
    assert [told[name] for name in ("best_step", "best_map", "newest_step", "model_step")] == [None] * 4


@pytest.fixture
def job_with_model(team, tmp_path) -> TrainingJob:
    job = TrainingJobFactory(team=team, state=JobState.SUCCEEDED, description="Finds raccoons!")
    add_model(job, name=f"{job.prefix}/attempt-000001/model.tflite", size=7, ap50=0.9)
    model = tmp_path / "model.tflite"
    model.write_bytes(b"a model")
    storage.put(job.model_name, model)
    return job


@pytest.fixture
def int8(job_with_model, tmp_path) -> ModelFile:
    """Beside the default file, one that is marked."""
    (tmp_path / "int8").write_bytes(b"a small model")
    storage.put(f"{job_with_model.prefix}/int8.tflite", tmp_path / "int8")
    return ModelFile.objects.create(
        job=job_with_model, variant="int8", name=f"{job_with_model.prefix}/int8.tflite", size=13, latency_ms=3.5,
        ap50=0.87, ap50_low=0.8, ap50_high=0.9, ap=0.5, compared_on="evaluation", frames=40, objects_of_float32=50,
        same=45, near=48, extra=1, less_accurate=True,
    )  # fmt: skip


def test_a_job_lists_the_files_of_its_model(member_api, int8) -> None:
    float32, small = member_api.get(f"{JOBS}{int8.job_id}/").json()["model_files"]
    assert (float32["variant"], float32["default"], float32["ap50_interval"]) == ("float32", True, None)
    assert small == {
        "variant": "int8",
        "size": 13,
        "latency_ms": 3.5,
        "ap50": 0.87,
        "ap50_interval": [0.8, 0.9],
        "ap": 0.5,
        "compared_on": "evaluation",
        "frames": 40,
        "agreement": {"objects": 50, "same": 45, "near": 48, "extra": 1},
        "default": False,
        "less_accurate": True,
        "nms_iou": 0.6,
        "url": f"{JOBS}{int8.job_id}/model.tflite?variant=int8",
    }


def test_a_variant_is_downloaded_by_its_address(member_api, int8) -> None:
    small = member_api.get(f"{JOBS}{int8.job_id}/").json()["model_files"][1]
    answer = member_api.get(small["url"])
    assert b"".join(answer.streaming_content) == b"a small model"
    assert answer["Content-Disposition"] == 'attachment; filename="finds-raccoons-int8.tflite"'


def test_the_file_for_a_device_is_a_zip(member_api, int8) -> None:
    ModelFile.objects.filter(pk=int8.pk).update(variant="limelight")
    answer = member_api.get(f"{JOBS}{int8.job_id}/model.tflite?variant=limelight")
    assert answer["Content-Disposition"] == 'attachment; filename="finds-raccoons-limelight.zip"'


def test_the_newest_checkpoints_file_is_downloaded_by_its_address(member_api, int8) -> None:
    ModelFile.objects.filter(pk=int8.pk).update(variant=ModelFile.NEWEST)
    answer = member_api.get(f"{JOBS}{int8.job_id}/model.tflite?variant=newest")
    assert b"".join(answer.streaming_content) == b"a small model"
    assert answer["Content-Disposition"] == 'attachment; filename="finds-raccoons-newest.tflite"'


def test_a_variant_that_is_not_there_is_named_with_those_that_are(member_api, int8) -> None:
    answer = member_api.get(f"{JOBS}{int8.job_id}/model.tflite?variant=int4")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "This model has no file of that variant. There is: float32, int8."


def test_a_file_that_the_server_has_lost_is_told(member_api, int8) -> None:
    storage.remove(int8.name)
    answer = member_api.get(f"{JOBS}{int8.job_id}/model.tflite?variant=int8")
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("The server has lost the file of this model. Ask ")


def test_a_list_asks_no_more_often_for_many_models(member_api, int8, django_assert_max_num_queries) -> None:
    for _ in range(5):
        job = TrainingJobFactory(team=int8.job.team)
        add_best(job, 100)
        add_model(job)
    with django_assert_max_num_queries(9):
        assert member_api.get(JOBS).json()["count"] == 6


@pytest.mark.parametrize("accept", ["*/*", "application/octet-stream"])
def test_the_model_file_is_named_after_its_description(member_api, job_with_model, accept) -> None:
    answer = member_api.get(f"{JOBS}{job_with_model.pk}/model.tflite", headers={"accept": accept})
    assert b"".join(answer.streaming_content) == b"a model"
    assert answer["Content-Disposition"] == 'attachment; filename="finds-raccoons.tflite"'


def test_without_a_model_there_is_nothing_to_download(member_api, team) -> None:
    job = TrainingJobFactory(team=team)
    answer = member_api.get(f"{JOBS}{job.pk}/model.tflite")
    assert answer.status_code == 404
    assert "no model to download" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "name"),
    [
        ("get", "api-job"),
        ("delete", "api-job"),
        ("post", "api-job-stop"),
        ("get", "api-job-metrics"),
        ("get", "api-job-events"),
        ("get", "api-job-model"),
    ],
)
def test_another_teams_job_is_not_there(outsider_api, member_api, job_with_model, method, name) -> None:
    answer = getattr(outsider_api, method)(reverse(name, args=[job_with_model.pk]))
    no_id_at_all = getattr(member_api, method)(reverse(name, args=["no-id"]))
    assert answer.status_code == no_id_at_all.status_code == 404
    assert answer.json() == no_id_at_all.json()


def test_another_teams_jobs_are_not_listed(outsider_api, job_with_model) -> None:
    assert outsider_api.get(JOBS).json()["count"] == 0


def test_another_teams_dataset_cannot_be_trained_on(outsider_api, dataset) -> None:
    assert outsider_api.post(JOBS, choices(dataset), format="json").status_code == 404


def test_a_stranger_is_asked_for_a_token(client, db) -> None:
    assert client.get(JOBS).status_code == 401


def test_a_model_is_renamed(member_api, outsider_api, team) -> None:
    job = TrainingJobFactory(team=team, description="finder")
    address = f"{JOBS}{job.pk}/"
    assert (
        member_api.patch(address, {"description": " ball  finder "}, format="json").json()["description"]
        == "ball finder"
    )
    for refused in ("", " ", "x" * 31):
        answer = member_api.patch(address, {"description": refused}, format="json")
        assert (answer.status_code, "in 1 to 30 characters" in answer.json()["detail"]) == (400, True)
    assert outsider_api.patch(address, {"description": "mine"}, format="json").status_code == 404
    job.refresh_from_db()
    assert job.description == "ball finder"
