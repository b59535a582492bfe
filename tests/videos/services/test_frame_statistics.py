"""What the labeled frames of a video are like."""

import pytest

from tests.factories import BoxFactory, LabelFactory, UserFactory, VideoFactory, VideoFrameFactory
from videos.services import frame_statistics
from videos.services.frame_statistics import FIELDS, LabelCount, PersonCount

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_boxes_are_counted_by_place_size_label_and_person(django_assert_max_num_queries) -> None:
    video, person = VideoFactory(), UserFactory(username="ada")
    cone, ball = (LabelFactory(team=video.team, name=name, color=color) for color, name in enumerate(("cone", "ball")))
    frames = [
        VideoFrameFactory(video=video, number=number, width=640, height=320, finished=number < 3) for number in range(4)
    ]
    # 8 of 320 pixels high as a detector sees it, at the top left; then one as wide as the frame.
    BoxFactory(frame=frames[0], label=cone, xmin=0, ymin=0, xmax=20, ymax=8, person=person)
    BoxFactory(frame=frames[0], label=ball, xmin=0, ymin=300, xmax=640, ymax=320)
    BoxFactory(frame=frames[1], label=cone, xmin=600, ymin=300, xmax=640, ymax=320, person=person)
    BoxFactory(frame=frames[3], label=cone)  # not finished
    with django_assert_max_num_queries(6):
        found = frame_statistics.of_videos([video])
    assert (found.frames, found.boxes) == (3, 3)
    assert (found.centers[0][0], found.centers[-1][FIELDS // 2], found.centers[-1][-1]) == (1, 1, 1)
    assert found.objects == [(0, 1), (1, 1), (2, 1)]
    assert found.labels == [
        LabelCount("ball", 1, 1, 1, [0, 0, 1, 0, 0, 0]),
        LabelCount("cone", 0, 2, 2, [1, 0, 1, 0, 0, 0]),
    ]
    assert [label.is_small for label in found.labels] == [False, True]
    assert found.people == [PersonCount("ada", 2, 2), PersonCount("", 1, 1)]


def test_a_video_without_labeled_frames_has_none() -> None:
    found = frame_statistics.of_videos([VideoFactory()])
    assert (found.frames, found.boxes, found.objects, sum(map(sum, found.centers))) == (0, 0, [], 0)
