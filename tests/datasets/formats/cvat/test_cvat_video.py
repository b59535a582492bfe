"""CVAT for video: tracks over the frames of a video."""

import pytest

from datasets.models import Dataset
from datasets.refusals import DatasetRefused
from tests.datasets.archives import picture
from tests.datasets.formats.annotation_files import BALL, kinds, shape, track, video
from tests.datasets.reading import read


def frames(count: int) -> dict:
    return {f"images/frame_{number:06d}.PNG": picture(kind="PNG") for number in range(count)}


def test_cvat_for_video(import_zip) -> None:
    """The object is in the frames 0 to 2, and then outside of the picture."""
    shapes = shape(0, keyframe=1), shape(1), shape(2), shape(3, outside=1, keyframe=1)
    files = frames(5) | {"annotations.xml": video(track(*shapes))}
    found = read(files)
    assert [len(boxes) for boxes in found.boxes.values()] == [1, 1, 1, 0, 0]
    assert (found.boxes["images/frame_000002.PNG"], found.repairs) == (BALL, [])
    dataset = import_zip(files)
    assert (dataset.state, dataset.archive_format) == (Dataset.State.READY, "cvat-video")


def test_frames_that_a_track_leaves_out_are_no_negative_frames() -> None:
    """CVAT writes the shapes between two that were drawn; other programs leave that to the reader."""
    found = read(frames(4) | {"annotations.xml": video(track(shape(0), shape(2)))})
    assert found.boxes == {
        f"images/frame_00000{number}.PNG": boxes for number, boxes in ((0, BALL), (2, BALL), (3, []))
    }
    assert kinds(found) == [("unclear", "images/frame_000001.PNG")]


def test_frames_whose_pictures_were_deleted_are_said() -> None:
    found = read(frames(1) | {"annotations.xml": video(track(shape(0), shape(1), shape(2)))})
    assert kinds(found) == [("picture_missing", "frame_000001"), ("picture_missing", "frame_000002")]


def test_tracks_over_pictures_of_other_names_are_refused_with_what_to_do() -> None:
    with pytest.raises(DatasetRefused, match=r"numbers the frames of a video.*Export the task as “CVAT for images"):
        read({"annotations.xml": video(track(shape(0))), "cone.jpg": picture()})


def test_the_frames_of_two_videos_are_not_mixed_up() -> None:
    files = {f"{name}/frame_000000.png": picture(kind="PNG") for name in ("a", "b")}
    with pytest.raises(DatasetRefused, match="could both be frame 0"):
        read(files | {"annotations.xml": video(track(shape(0)))})
    of_each = {f"{name}/annotations.xml": video(track(shape(0))) for name in ("a", "b")}
    assert list(read(files | of_each).boxes.values()) == [BALL, BALL]


def test_two_files_about_the_frames_of_one_video_are_not_piled_up() -> None:
    """Of the first frame both say the same, of the second they don't, and of the third only one says something."""
    new, old = video(track(shape(0), shape(1), shape(2, outside=1))), video(track(shape(0), shape(2)), track(shape(1)))
    other = old.replace(shape(1), shape(1).replace("20.00", "40.00"))
    found = read(frames(3) | {"annotations.xml": new, "annotations_old.xml": other})
    assert found.boxes == {"images/frame_000000.PNG": BALL}
    assert sorted(kinds(found)) == [
        ("listed_twice", "images/frame_000000.PNG"),
        ("unclear", "images/frame_000001.PNG"),
        ("unclear", "images/frame_000002.PNG"),
    ]


def test_jobs_of_one_video_are_each_about_their_own_frames() -> None:
    """As people who share a task export them: one job each."""
    jobs = {}
    for first, last in ((0, 1), (2, 3)):
        job = f"<job><start_frame>{first}</start_frame><stop_frame>{last}</stop_frame></job>"
        jobs[f"job_{first}.xml"] = video(track(shape(first))).replace("<task>", f"{job}<task>")
    found = read(frames(4) | jobs)
    assert [len(boxes) for boxes in found.boxes.values()] == [1, 0, 1, 0]
    assert found.repairs == []


def test_frames_of_a_task_with_a_frame_step_keep_their_own_boxes() -> None:
    """CVAT numbers them by the video: pictures and shapes of each fifth frame, and nothing is missing between them."""
    every_fifth = {f"images/frame_{number:06d}.PNG": picture(kind="PNG") for number in range(0, 20, 5)}
    shapes = shape(0, keyframe=1), shape(5), shape(10).replace("20.00", "40.00"), shape(15, outside=1, keyframe=1)
    found = read(every_fifth | {"annotations.xml": video(track(*shapes))})
    assert [len(boxes) for boxes in found.boxes.values()] == [1, 1, 1, 0]
    assert found.boxes["images/frame_000005.PNG"] == BALL != found.boxes["images/frame_000010.PNG"]
    assert found.repairs == []
