"""Which frames a page shows, what a person says of them, and how they are counted."""

import pytest

from ftcml.accounts.models import User
from tests.factories import BoxFactory, LabelFactory, VideoFactory, VideoFrameFactory
from videos.labeling import labels, marking
from videos.models import Activity, Box, Frame, Video
from videos.refusals import VideoRefused
from videos.services import gallery, video_list
from videos.services.gallery import Choice, Overview

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(db) -> Video:
    """Frame 0 labeled, 1 says that nothing is there, 2 untouched, 3 ignored, 4 and 5 like the one before them."""
    video = VideoFactory()
    frames = [VideoFrameFactory(video=video, number=number, finished=number < 2) for number in range(6)]
    BoxFactory.create_batch(2, frame=frames[0], label=LabelFactory(team=video.team, name="cone"))
    Frame.objects.filter(video=video, number=3).update(ignored=True)
    Frame.objects.filter(video=video, number__gte=4).update(near_duplicate_of=2)
    return video


@pytest.mark.parametrize(
    ("show", "numbers"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("labeled", [0, 1]),
        ("unlabeled", [2, 4, 5]),
        ("ignored", [3]),
        ("near-duplicates", [4, 5]),
    ],
)
def test_frames_are_narrowed_to_what_the_link_counts(show: str, numbers: list[int], video: Video) -> None:
    choice = Choice.of({"show": show})
    assert [frame.number for frame in gallery.frames(video, choice)] == numbers
    (link,) = [link for link in Overview.of(video, choice).links if link.is_here]
    assert link.count == len(numbers)


def test_frames_with_a_label(video: Video) -> None:
    assert [frame.number for frame in gallery.frames(video, Choice(label="cone"))] == [0]
    (label,) = gallery.labels(video)
    assert (label.name, label.boxes_here, label.frames_here) == ("cone", 2, 1)


def test_the_list_counts_labeled_and_excluded_frames_and_what_has_arrived(video: Video) -> None:
    (row,) = video_list.found(video.team)
    assert (row.labeled, row.excluded, row.arrived) == (2, 1, None)


def test_all_near_duplicates_are_ignored_in_one_click_but_no_labeled_one(video: Video) -> None:
    person: User | None = None
    labeled, by_hand = (VideoFrameFactory(video=video, number=number, near_duplicate_of=2) for number in (6, 7))
    marking.set_finished(labeled, True, person)
    marking.set_ignored(by_hand, True, person)
    assert marking.set_near_duplicates_ignored(video, True, person) == 2
    assert [frame.number for frame in video.frames.filter(ignored=True)] == [3, 4, 5, 7]
    assert Overview.of(video, Choice()).ignored_near_duplicates == 2
    assert marking.set_near_duplicates_ignored(video, False, person) == 2
    assert [frame.number for frame in video.frames.filter(ignored=True)] == [3, 7], "those ignored by hand"
    assert [entry.words for entry in Activity.objects.all()] == [
        "Took 2 frames in again", "Ignored 3 frames", "Labeled 1 frame",
    ]  # fmt: skip


def test_who_says_that_a_frame_is_finished_confirms_its_boxes(video: Video) -> None:
    proposed = BoxFactory(frame=video.frames.get(number=2), origin=Box.Origin.PROPOSED, confirmed=False)
    marking.set_finished(proposed.frame, True, None, version=0)
    proposed.refresh_from_db()
    assert proposed.confirmed
    with pytest.raises(VideoRefused, match="Someone else changed this frame"):
        marking.set_finished(proposed.frame, False, None, version=0)


def test_a_label_is_renamed_everywhere_and_deleted_only_where_no_box_has_it(video: Video) -> None:
    cone, cube = video.team.labels.get(), labels.create(video.team, " cube ")
    with pytest.raises(VideoRefused, match="has the label “cube” already"):
        labels.rename(cone, "cube")
    with pytest.raises(VideoRefused, match="is in use"):
        labels.delete(cone)
    labels.rename(cone, "Cone")
    assert [box.label for box in gallery.Picture.of(video.frames.get(number=0)).boxes] == ["Cone", "Cone"]
    labels.delete(cube)
    assert [label.name for label in video.team.labels.all()] == ["Cone"]
