"""A page hears of everything that changed since it asked last, however much that is, in answers of a bounded size."""

import pytest

from tests.factories import UserFactory, VideoFactory, VideoFrameFactory
from videos.labeling import changes, marking
from videos.models import Frame, Video
from videos.reviewing import reviews

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FRAMES = 230


@pytest.fixture
def video() -> Video:
    video = VideoFactory()
    Frame.objects.bulk_create(VideoFrameFactory.build_batch(FRAMES, video=video, finished=True))
    for number, frame in enumerate(video.frames.order_by("number")):
        Frame.objects.filter(pk=frame.pk).update(number=number)
    return video


def heard(video: Video, since: int, most: int) -> tuple[list[int], int]:
    """The numbers of the frames that a page hears of until it knows all, and how often it asks."""
    numbers, asked = [], 0
    while since < Video.objects.get(pk=video.pk).changes:
        video.refresh_from_db()
        frames, upto = changes.since(video, since, most)
        assert upto > since, "or it would ask for the same frames forever"
        numbers, since, asked = numbers + [frame.number for frame in frames], upto, asked + 1
    return numbers, asked


def test_a_change_of_all_frames_is_heard_of_in_parts(video: Video) -> None:
    reviews.approve(video, 0, FRAMES, UserFactory())
    numbers, asked = heard(video, 0, most=100)
    assert set(numbers) == set(range(FRAMES))
    assert asked < 6


def test_later_changes_are_heard_of_after_earlier_ones(video: Video) -> None:
    reviews.approve(video, 0, FRAMES, UserFactory())
    marking.set_ignored(video.frames.get(number=7), True, None)
    numbers, _ = heard(video, 0, most=100)
    assert (set(numbers), numbers[-1]) == (set(range(FRAMES)), 7)
    video.refresh_from_db()
    assert changes.since(video, video.changes, 100) == ([], video.changes)
