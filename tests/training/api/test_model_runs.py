"""API v1: a model is run over a video's frames, and what it found, proposed and doubts is told."""

import pytest

from tests.training.proposals.conftest import at, do_what_waits, finds, model, video  # noqa: F401
from videos.labeling import proposing

pytestmark = pytest.mark.django_db


def test_a_run_by_the_api(member_api, video, model, finds) -> None:  # noqa: F811
    finds({1: [at(10, score=0.8), at(300, "cube", 0.4)]})
    runs = f"/api/v1/videos/{video.pk}/model-runs/"
    answer = member_api.post(runs, {"model": str(model.pk), "first": 1, "minimum_confidence": 0.5}, format="json")
    assert (answer.status_code, answer.data["frames_total"]) == (201, 5)
    do_what_waits()
    run = f"/api/v1/model-runs/{answer.data['id']}/"
    told = member_api.get(run).data
    assert (told["state"], told["boxes_proposed"], told["model"]) == ("DONE", 1, str(model.pk))
    assert member_api.get(runs).data["count"] == 1

    [frame, *_] = member_api.get(f"{run}detections/").data["results"]
    assert frame["number"] == 1
    cone = {"label": "cone", "xmin": 10, "ymin": 100, "xmax": 110, "ymax": 200, "score": 0.8}
    assert (frame["detections"][0], frame["detections"][1]["label"]) == (cone, "cube")
    [box] = member_api.get(f"/api/v1/videos/{video.pk}/frames/1/").data["boxes"]
    assert (box["origin"], box["confirmed"], box["score"]) == ("proposed", False, 0.8)

    helpful = member_api.get(f"/api/v1/videos/{video.pk}/helpful-frames/?model={model.pk}").data
    assert helpful["frames"][0] == 1
    assert member_api.delete(f"/api/v1/videos/{video.pk}/proposals/").data == {"boxes": 1}
    assert not proposing.open_proposals(video).exists()
    again = member_api.post(runs, {"model": str(model.pk)}, format="json")
    do_what_waits()
    assert member_api.post(f"/api/v1/model-runs/{again.data['id']}/stop/").data["boxes_proposed"] == 1


def test_an_audit_by_the_api(member_api, video, model, finds) -> None:  # noqa: F811
    video.frames.update(finished=True)
    finds({2: [at(10)]})
    asked = {"model": str(model.pk), "purpose": "audit"}
    run = member_api.post(f"/api/v1/videos/{video.pk}/model-runs/", asked, format="json").data
    do_what_waits()
    [finding] = member_api.get(f"/api/v1/model-runs/{run['id']}/findings/").data["results"]
    assert (finding["kind"], finding["number"], finding["label"]) == ("not_labeled", 2, "cone")


def test_what_is_refused(member_api, video, model) -> None:  # noqa: F811
    runs = f"/api/v1/videos/{video.pk}/model-runs/"
    refused = member_api.post(runs, {"model": str(model.pk), "minimum_confidence": 2}, format="json")
    assert (refused.status_code, "from 0 to 1" in str(refused.data)) == (400, True)
    few = member_api.post(f"/api/v1/videos/{video.pk}/quick-assistants/")
    assert (few.status_code, "Label 20 frames first" in str(few.data)) == (400, True)
    assert member_api.get(f"/api/v1/videos/{video.pk}/quick-assistants/").data["count"] == 0
