"""An archive goes in, frames to label come out: with the boxes that it has, and a place for those that it lacks."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from datasets import tasks
from datasets.importing.to_frames import frame_leases, taking_in
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from tests.datasets.archives import A_BALL, SIZE, annotation, coco, one_frame, picture, write_zip
from tests.factories import TeamFactory, VideoFactory
from videos.models import Activity, Label, Upload, Video

pytestmark = pytest.mark.django_db


def uploaded(team: Team, files: dict | bytes, **fields: object) -> Video:
    """An archive whose upload has come, and whose frames wait to be taken in."""
    fields = {"state": Video.State.EXTRACTING, "kind": Video.Kind.ARCHIVE, "filename": "set.zip"} | fields
    video = VideoFactory(team=team, width=0, height=0, **fields)
    upload = Upload.objects.create(video=video, filename="set.zip", size=1, offset=1)
    data = files if isinstance(files, bytes) else write_zip(io.BytesIO(), files).getvalue()
    storage.put(upload.stored_name, ContentFile(data))
    return video


def taken_in(team: Team, files: dict | bytes, **fields: object) -> Video:
    video = uploaded(team, files, **fields)
    taking_in.take_in(video)
    return video


def boxes_of(video: Video, number: int) -> list[tuple]:
    rows = video.frames.get(number=number).boxes.order_by("pk")
    return [(box.label.name, box.xmin, box.ymin, box.xmax, box.ymax) for box in rows]


def test_boxes_come_along_and_what_nobody_annotated_waits_for_it(team: Team) -> None:
    files = {
        **one_frame(picture(), [A_BALL, ("cube", 1.5, 2, 30, 40)], "shot 10.jpg"),
        **one_frame(picture(), [], "shot 9.jpg"),  # annotated: nothing here
        **one_frame(picture(), [("ball", 50, 50, 50, 90)], "shot 11.jpg"),  # a box without an area
        "shot 2.png": picture(kind="PNG"),
        "damaged.jpg": picture()[:200],
        **{f"more/{number}.jpg": picture() for number in range(10)},
    }
    video = taken_in(team, files)
    assert (video.state, video.error, video.archive_format, video.lease_until) == ("READY", "", "voc", None)
    frames = list(video.frames.all())
    assert [frame.filename for frame in frames[8:]] == [
        "more/8.jpg",
        "more/9.jpg",
        "shot 2.png",
        "shot 9.jpg",
        "shot 10.jpg",
        "shot 11.jpg",
    ]
    assert [frame.finished for frame in frames] == [False] * 11 + [True, True, False]
    assert [frame.near_duplicate_of for frame in frames] == [None] + [0] * 13
    ball, cube = boxes_of(video, 12)
    assert (ball[0], ball[1:]) == ("ball", pytest.approx((20, 30, 80, 90)))
    assert (cube[0], cube[1:]) == ("cube", pytest.approx((1.5, 2, 30, 40)))
    assert not video.frames.exclude(number=12).filter(boxes__isnull=False).exists()
    assert {box.origin for frame in frames for box in frame.boxes.all()} == {"imported"}
    assert (video.frames_in_video, video.frames_done, video.width, video.height) == (14, 14, *SIZE)
    assert [entry["kind"] for entry in video.repairs] == ["picture_skipped", "box_dropped"]
    assert storage.entries(f"{video.prefix}/uploads") == []
    assert video.picture_bytes == sum(storage.size(frame.picture_name) for frame in frames)
    assert Activity.objects.get(video=video).params == {"frames": 14}
    assert list(Label.objects.for_team(team).values_list("name", flat=True)) == ["ball", "cube"]


def test_a_zip_of_pictures_alone_is_frames_without_labels(team: Team) -> None:
    turned = picture((40, 30), orientation=6)
    video = taken_in(team, {"b 10.jpg": turned, "b 9.jpg": picture(), "readme.md": "hello"})
    assert (video.state, video.archive_format, Label.objects.count()) == ("READY", "", 0)
    assert list(video.frames.values_list("filename", "finished")) == [("b 9.jpg", False), ("b 10.jpg", False)]
    frame = video.frames.get(number=1)
    assert (frame.width, frame.height, video.width) == (30, 40, 0)
    with storage.open_file(frame.picture_name) as stored, Image.open(stored) as image:
        assert (image.size, image.format, dict(image.getexif())) == ((30, 40), "JPEG", {})
    assert [entry["kind"] for entry in video.repairs] == ["rotated"]


def test_a_listed_picture_without_a_box_is_finished_and_labels_that_the_team_has_are_used(team: Team) -> None:
    ball = Label.objects.create(team=team, name="ball", color=7)
    listed = coco({1: "a.jpg", 2: "b.jpg"}, {5: "ball"}, [(1, 5, 10, 10, 20, 20)])
    video = taken_in(team, {"a.json": listed, "a.jpg": picture(), "b.jpg": picture(), "c.jpg": picture()})
    assert [frame.finished for frame in video.frames.all()] == [True, True, False]
    assert video.frames.get(number=0).boxes.get().label == ball


def test_pictures_whose_boxes_are_unclear_come_unlabeled(team: Team) -> None:
    """A dataset does without them; here a person draws their boxes."""
    twice = {
        f"{folder}/a.xml": annotation("a.jpg", [("ball", 1, 1, 50, edge)]) for folder, edge in (("x", 9), ("y", 90))
    }
    video = taken_in(team, {**twice, "a.jpg": picture(), **one_frame(picture(), [A_BALL], "b.jpg")})
    assert list(video.frames.values_list("filename", "finished")) == [("a.jpg", False), ("b.jpg", True)]
    assert not video.frames.get(number=0).boxes.exists()
    assert "left_unlabeled" in {entry["kind"] for entry in video.repairs}
    assert not {"frame_skipped", "unclear"} & {entry["kind"] for entry in video.repairs}


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"readme.md": "hello"}, "picture"),
        (b"no zip", "zip file"),
        ({"a.jpg": b"\xff\xd8\xff nothing"}, "more than one in ten"),
        ({"a.xml": annotation("a.jpg", [("l" * 101, 1, 1, 9, 9)]), "a.jpg": picture()}, "100"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(team: Team, files: dict | bytes, sentence: str) -> None:
    video = taken_in(team, files)
    assert (video.state, video.lease_until) == ("FAILED", None)
    assert sentence in video.error, video.error
    assert not any(letter == " " for letter in video.reason_code)
    assert video.frames.count() == 0
    assert storage.tree_size(video.prefix) == 0


def test_a_team_with_too_many_labels_is_told_so(team: Team) -> None:
    Label.objects.bulk_create(Label(team=team, name=f"label {number}") for number in range(200))
    video = taken_in(team, one_frame(picture(), [A_BALL]))
    assert (video.state, video.reason_code) == ("FAILED", "too_many_labels")


def test_work_that_a_dead_worker_began_is_done_once(team: Team) -> None:
    video = uploaded(team, one_frame(picture(), [A_BALL]))
    frame = video.frames.create(number=7, picture_name="x", width=1, height=1)
    Video.objects.filter(pk=video.pk).update(attempts=1)
    taking_in.take_in(Video.objects.get(pk=video.pk))
    assert list(video.frames.values_list("number", "boxes__label__name")) == [(0, "ball")]
    assert not video.frames.filter(pk=frame.pk).exists()


def test_after_three_deaths_it_is_given_up(team: Team) -> None:
    video = uploaded(team, one_frame(picture(), [A_BALL]), attempts=3)
    taking_in.take_in(video)
    assert (video.state, video.error[:28]) == ("FAILED", "We tried 3 times and crashed")


def test_one_of_a_team_at_a_time_and_no_other_kind(team: Team) -> None:
    first, _, other = (uploaded(one, {}) for one in (team, team, TeamFactory()))
    VideoFactory(team=TeamFactory(), state=Video.State.EXTRACTING)  # whose frames videos/extraction takes
    claimed = [frame_leases.claim_next() for _ in range(3)]
    assert [each and each[0] for each in claimed] == [first, other, None]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("children_see_this_test")
def test_a_worker_takes_it_in_in_a_process_of_its_own(team: Team) -> None:
    video = uploaded(team, one_frame(picture(), [A_BALL]))
    tasks.take_in_next()
    video.refresh_from_db()
    assert (video.state, video.frames.count(), video.attempts) == ("READY", 1, 1)


def test_where_the_zip_is_missing_files_stay_for_a_newer_database_may_have_them(team: Team) -> None:
    video = uploaded(team, one_frame(picture(), [A_BALL]))
    storage.remove(video.uploads.get().stored_name)
    storage.put(video.picture_name(0), ContentFile(picture()))
    taking_in.take_in(video)
    assert (video.state, video.reason_code) == ("FAILED", "files_missing")
    assert storage.exists(video.picture_name(0))
