"""Videos, frames and labels by a program: from the list to boxes around what is in a frame."""

from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from ftcml.accounts.models import Team
from tests.factories import BoxFactory, LabelFactory, VideoFactory, VideoFrameFactory
from videos.labeling.proposing import FrameProposals, Proposal, propose
from videos.messages.refusal_words import REFUSALS
from videos.models import Video
from videos.reasons import Code

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(team: Team) -> Video:
    video = VideoFactory(team=team, description="field", frames_done=3)
    for number in range(3):
        VideoFrameFactory(video=video, number=number, seconds=number / 2)
    return video


def test_a_program_labels_a_frame_and_finds_it_among_the_labeled(video: Video, member_api: APIClient) -> None:
    (row,) = member_api.get("/api/v1/videos/", {"search": "FIE"}).json()["results"]
    assert (row["id"], row["state"], row["labeled_frames"]) == (str(video.pk), "READY", 0)
    frames = f"/api/v1/videos/{row['id']}/frames/"
    first = member_api.get(frames, {"limit": 1}).json()
    assert (first["count"], first["results"][0]["seconds"], first["results"][0]["boxes"]) == (3, 0, [])

    box = {"label": "cone", "xmin": 10, "ymin": 20, "xmax": 1000, "ymax": 90.5}
    given = {"boxes": [box], "finished": True, "version": 0}
    answer = member_api.put(f"{frames}1/boxes/", given, format="json")

    (drawn,) = answer.json()["boxes"]
    whole = {**box, "xmax": 640, "origin": "drawn", "confirmed": True, "score": None, "track": None}
    assert drawn == {**whole, "key": drawn["key"]}
    labeled = member_api.get(frames, {"show": "labeled", "label": "cone"}).json()["results"]
    assert labeled == [answer.json()]
    assert member_api.put(f"{frames}1/boxes/", given, format="json").status_code == 409
    assert member_api.get(f"/api/v1/videos/{row['id']}/").json()["labeled_frames"] == 1
    (entry,) = member_api.get(f"/api/v1/videos/{row['id']}/activity/").json()["results"]
    assert (entry["text"], entry["person"]) == ("Labeled 1 frame", "milo")


@pytest.mark.parametrize(
    ("box", "sentence"),
    [
        ({"label": "cone", "xmin": 5, "ymin": 5, "xmax": 5, "ymax": 9}, "Box 1 has no area"),
        ({"label": " ", "xmin": 5, "ymin": 5, "xmax": 50, "ymax": 90}, "blank"),
        ({"label": "cone", "xmin": "nan", "ymin": 5, "xmax": 50, "ymax": 90}, "A valid number"),
    ],
)
def test_a_box_that_is_none_is_refused_with_a_sentence(box, sentence: str, video: Video, member_api) -> None:
    address = f"/api/v1/videos/{video.pk}/frames/0/boxes/"
    answer = member_api.put(address, {"boxes": [box], "finished": True}, format="json")
    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]


def test_what_came_since_a_program_looked_is_not_confirmed(video: Video, member_api: APIClient) -> None:
    address = f"/api/v1/videos/{video.pk}/frames/0/"
    seen = member_api.get(address).json()["version"]
    cone = LabelFactory(team=video.team, name="cone")
    propose(video, {video.frames.get(number=0).pk: FrameProposals([Proposal(uuid4(), cone.name, (9, 9, 90, 90), 0.9)])})

    answer = member_api.patch(address, {"ignored": True, "finished": True, "version": seen}, format="json")
    assert (answer.status_code, answer.json()["detail"]) == (409, REFUSALS[Code.CHANGED_MEANWHILE])
    frame = member_api.get(address).json()
    assert (frame["ignored"], frame["finished"], frame["boxes"][0]["confirmed"]) == (False, False, False)

    answer = member_api.patch(address, {"finished": True, "version": frame["version"]}, format="json").json()
    assert (answer["finished"], answer["boxes"][0]["confirmed"]) == (True, True)


def test_a_frame_is_ignored_and_a_video_gets_another_name(video: Video, member_api: APIClient) -> None:
    address = f"/api/v1/videos/{video.pk}/"
    assert member_api.patch(f"{address}frames/2/", {"ignored": True}, format="json").json()["ignored"]
    answer = member_api.patch(address, {"description": " gym  light "}, format="json").json()
    assert (answer["description"], answer["ignored_frames"]) == ("gym light", 1)
    assert member_api.patch(address, {"description": "x" * 31}, format="json").status_code == 400


def test_labels_are_listed_added_renamed_and_deleted(team: Team, member_api: APIClient) -> None:
    used = BoxFactory(frame__video__team=team).label
    added = member_api.post("/api/v1/labels/", {"name": "cube"}, format="json")
    assert added.status_code == 201
    assert member_api.post("/api/v1/labels/", {"name": "cube"}, format="json").status_code == 409
    address = f"/api/v1/labels/{added.json()['id']}/"
    assert member_api.patch(address, {"name": "Cube"}, format="json").json()["name"] == "Cube"
    assert [label["name"] for label in member_api.get("/api/v1/labels/").json()] == sorted(["Cube", used.name])
    assert member_api.delete(f"/api/v1/labels/{used.pk}/").status_code == 409
    assert member_api.delete(address).status_code == 204
