"""A second look at labeled frames: reviewed, sent back, commented on, and shared out among the members."""

import pytest

from ftcml.accounts.models import Team, User
from tests.factories import BoxFactory, MembershipFactory, UserFactory, VideoFactory, VideoFrameFactory
from videos.labeling import marking
from videos.labeling.marking import GivenBox
from videos.models import Activity, Frame, Video
from videos.refusals import VideoRefused
from videos.reviewing import assignments, comments, reviews

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(team: Team) -> Video:
    """Frames 0 to 3 labeled, 4 and 5 not, 6 ignored."""
    video = VideoFactory(team=team)
    for number in range(7):
        VideoFrameFactory(video=video, number=number, finished=number < 4, ignored=number == 6)
    return video


def test_only_labeled_frames_are_reviewed(video: Video, coach: User) -> None:
    assert reviews.approve(video, 0, 6, coach) == 4
    assert reviews.approve(video, 0, 6, coach) == 0
    assert Activity.objects.get().words == "Reviewed 4 frames"
    assert set(video.frames.filter(review="reviewed").values_list("number", "reviewed_by")) == {
        (number, coach.pk) for number in range(4)
    }
    assert reviews.take_back(video, 0, 0) == 1


def test_a_frame_that_is_sent_back_says_why_until_it_is_finished_again(video: Video, coach: User, member: User) -> None:
    frame = video.frames.get(number=2)
    with pytest.raises(VideoRefused, match="Enter a comment"):
        reviews.send_back(frame, coach, "  ")
    reviews.send_back(frame, coach, "The cone at the left is missing.")
    frame.refresh_from_db()
    assert (frame.finished, frame.review) == (False, "sent_back")
    (comment,) = comments.of_frame(frame)
    assert (comment.person, comment.text, comment.resolved_at) == (coach, "The cone at the left is missing.", None)
    marking.set_boxes(frame, [GivenBox("cone", 0, 0, 9, 9)], member, finished=True)
    comments.resolve(comment, True)
    frame.refresh_from_db()
    assert (frame.finished, frame.review, comment.resolved_at is not None) == (True, "", True)


def test_a_changed_box_takes_the_review_back(video: Video, coach: User) -> None:
    reviews.approve(video, 1, 1, coach)
    frame = video.frames.get(number=1)
    marking.set_boxes(frame, [], coach, finished=True)
    assert Frame.objects.get(pk=frame.pk).review == ""


def test_pages_hear_of_comments_and_reviews(video: Video, coach: User) -> None:
    before = video.changes
    comments.add(video.frames.get(number=0), coach, "Nice.", box_key=BoxFactory().key)
    reviews.approve(video, 1, 1, coach)
    assert Video.objects.get(pk=video.pk).changes > before
    assert set(video.frames.filter(changed__gt=before).values_list("number", flat=True)) == {0, 1}


def test_a_coach_shares_the_frames_out(video: Video, coach: User, member: User, django_assert_max_num_queries) -> None:
    assignments.assign(video, member, 2, 4, coach)
    assignments.assign(video, coach, 5, 6, coach)
    with django_assert_max_num_queries(2):
        found = assignments.of_video(video)
    assert [(row.assignment.person, row.labeled, row.unlabeled) for row in found] == [(member, 2, 1), (coach, 0, 1)]
    assert assignments.frames_of(video, member) == [4]
    assert assignments.frames_of(video, UserFactory()) == []


@pytest.mark.parametrize(("first", "last"), [(3, 2), (0, 7), (-1, 2)])
def test_frames_that_are_not_there_are_not_shared_out(video: Video, member: User, first: int, last: int) -> None:
    with pytest.raises(VideoRefused, match="doesn't have all of these frames"):
        assignments.assign(video, member, first, last, member)


def test_nobody_of_another_team_gets_frames(video: Video, coach: User) -> None:
    with pytest.raises(VideoRefused, match="isn't on your team"):
        assignments.assign(video, MembershipFactory().user, 0, 1, coach)
