"""The Produce Dataset dialog and its endpoint: what they ask, say and refuse."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from datasets.models import Dataset
from tests.datasets.producing import import_what_waits
from tests.datasets.production.conftest import Filmed
from videos.models import Label, Video

pytestmark = pytest.mark.django_db

CHOSEN = {"description": "cones", "eval_percent": 20, "method": "blocks", "seed": 0}


def report(client: Client, *videos: Video, **said) -> str:
    fields = {"video": [str(video.pk) for video in videos], **CHOSEN, **said}
    return client.post("/datasets/produce/report/", fields).content.decode()


def test_the_dialog_offers_the_labels_and_the_report_points_out_slips(member_client: Client, filmed: Filmed) -> None:
    video = filmed(frames=30, labels=("duck", "cone"))
    filmed(frames=2, labels=("other",))
    other = filmed(frames=2, labels=("dcuk",))
    address = f"/datasets/produce/?video={video.pk}&video={other.pk}"
    page = member_client.get(address).content.decode()
    assert re.findall('name="label" value="(.*?)"', page) == ["cone", "dcuk", "duck"]
    assert "checking the frames" in page
    labels = {"label": ["cone", "dcuk", "duck"], "name_0": "cone", "name_1": "dcuk", "name_2": "duck"}
    told = report(member_client, video, other, **labels)
    assert "“dcuk” looks like “duck”." in told
    assert 'data-put="duck" data-into="id_name_1"' in told
    assert "looks like" not in report(member_client, video, other, **(labels | {"name_1": "duck"}))


def test_a_label_that_someone_renames_while_the_dialog_is_open_is_told(member_client: Client, filmed: Filmed) -> None:
    video = filmed(frames=5, labels=("cone", "chair"))
    said = {"label": ["chair", "cone"], "name_0": "", "name_1": "cone"}
    assert 'type="submit"' in report(member_client, video, **said)
    Label.objects.filter(name="chair").update(name="seat")
    assert "Someone changed the labels of these videos." in report(member_client, video, **said)
    refused = member_client.post("/datasets/produce/", {"video": str(video.pk), **CHOSEN, **said})
    assert (refused.status_code, "Someone changed the labels" in refused.content.decode()) == (422, True)
    assert not Dataset.objects.exists()


def test_the_report_says_why_nothing_can_be_produced(member_client: Client, filmed: Filmed) -> None:
    video = filmed(frames=4)
    refused = report(member_client, video, eval_percent=0)
    assert "All 4 frames would be for training." in refused
    assert 'aria-disabled="true"' in refused
    assert "Enter a percentage." in report(member_client, video, eval_percent="")
    assert 'type="submit"' in report(member_client, video)
    by_video = report(member_client, video, method="videos", kept=[str(video.pk)])
    assert "All 4 frames would be for evaluation." in by_video
    assert "checked" in by_video
    assert "checked" in report(member_client, video, method="videos", kept=[str(video.pk)], eval_percent="")


@pytest.mark.django_db(transaction=True)
def test_a_click_produces_the_dataset_and_the_dialog_follows_it(member_client: Client, filmed: Filmed) -> None:
    video = filmed()
    said = {"video": str(video.pk), **CHOSEN, "label": ["cone"], "name_0": "big cone"}
    started = member_client.post("/datasets/produce/", said)
    dataset = Dataset.objects.get()
    progress = f"/datasets/{dataset.pk}/producing/"
    assert progress in started.content.decode()
    assert started["HX-Trigger"] == "list-changed"
    import_what_waits()
    assert "Your dataset is ready." in member_client.get(progress).content.decode()
    assert Dataset.objects.get().labels == ["big cone"]
    page = member_client.get(f"/datasets/{dataset.pk}/").content.decode()
    assert f"Produced from “{video}”. 20% of the frames are held back for evaluation, in blocks" in page
    assert "“cones v2”" in member_client.get(f"/datasets/produce/?video={video.pk}").content.decode()
    member_client.post("/datasets/produce/", said | {"is_next_version": "on"})
    import_what_waits()
    assert (
        "Same frames and boxes as “cones”"
        in member_client.get(f"/datasets/{Dataset.objects.get(version=2).pk}/").content.decode()
    )


def test_the_api_previews_and_produces(member_api: APIClient, filmed: Filmed) -> None:
    video = filmed(frames=30, finished=20)
    asked = {"videos": [str(video.pk)], "labels": {"cone": "red cone"}, "eval_percent": 25}
    told = member_api.post("/api/v1/datasets/produce/preview/", asked, format="json").json()
    assert told["unfinished"] == 10
    assert told["labels"] == [{"label": "cone", "name": "red cone", "boxes": 20, "near": ""}]
    assert {warning["kind"] for warning in told["warnings"]} >= {"few_frames", "no_negative"}
    assert told["refusal"] == ""
    started = member_api.post("/api/v1/datasets/produce/", asked | {"description": "cones"}, format="json")
    assert started.status_code == 202
    shown = member_api.get(f"/api/v1/datasets/{started.json()['id']}/").json()
    assert (shown["state"], shown["version"], shown["eval_percent"]) == ("PRODUCING", 1, 25)
    again = asked | {"description": "cones", "next_version": True}
    assert member_api.post("/api/v1/datasets/produce/", again, format="json").status_code == 400
    Video.objects.update(state=Video.State.EXTRACTING)
    assert member_api.post("/api/v1/datasets/produce/", again, format="json").status_code == 409


def test_no_one_produces_from_another_teams_videos(outsider_client: Client, outsider_api: APIClient, filmed) -> None:
    video = filmed(frames=4)
    assert outsider_client.get(f"/datasets/produce/?video={video.pk}").status_code == 404
    assert report(outsider_client, video).find("produce-training") == -1
    for address in ("/api/v1/datasets/produce/", "/api/v1/datasets/produce/preview/"):
        asked = {"videos": [str(video.pk)], "description": "cones"}
        assert outsider_api.post(address, asked, format="json").status_code == 404


def test_the_queries_of_a_report_are_few_however_many_frames_there_are(member_client: Client, filmed: Filmed) -> None:
    video = filmed(frames=4)
    report(member_client, video)  # after which the session is known
    with CaptureQueriesContext(connection) as few:
        report(member_client, video)
    more = filmed(frames=40, labels=("cone", "ball", "cube"))
    with CaptureQueriesContext(connection) as many:
        report(member_client, video, more)
    assert len(many) == len(few) <= 12
