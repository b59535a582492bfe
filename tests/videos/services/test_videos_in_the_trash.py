"""Videos that are deleted, restored, and gone for good; and what keeps one from being deleted."""

import pytest
from django.core.files.base import ContentFile

from datasets.models import DatasetVideo
from datasets.services import trash as datasets_trash
from ftcml.accounts.models import Team, User
from ftcml.core.files import storage
from ftcml.installation import removals
from tests.factories import BoxFactory, DatasetFactory, VideoFactory, VideoFrameFactory
from training.trash.team_trash import Choice, items
from videos.extraction import extraction_leases
from videos.models import Activity, Box, Frame, Label, Upload, Video
from videos.refusals import VideoInUse, VideoRefused
from videos.services import deletion, trash

pytestmark = pytest.mark.both_databases


@pytest.fixture
def video(team: Team) -> Video:
    """A labeled frame with its picture, of a video that a phone uploaded."""
    box = BoxFactory(frame__video__team=team)
    storage.put(box.frame.picture_name, ContentFile(b"a picture"))
    video = box.frame.video
    Upload.objects.create(video=video, filename="film.mp4", size=10)
    Activity.objects.create(video=video, action=Activity.Action.UPLOADED)
    return video


def test_what_is_deleted_is_on_no_list_and_comes_back_as_it_was(video, member: User, member_api) -> None:
    address = f"/api/v1/videos/{video.pk}/"
    before = member_api.get(address).json()
    assert member_api.delete(address).status_code == 204
    assert member_api.get(address).status_code == 404
    assert member_api.get("/api/v1/videos/").json()["results"] == []
    assert [(item.kind, item.row) for item in items(video.team)] == [("video", video)]

    Choice.of(video.team, [], [], [str(video.pk)]).restore(member)

    assert member_api.get(address).json() == before
    assert [entry.action for entry in video.activities.all()[:2]] == ["restored", "trashed"]


def test_what_leaves_the_trash_leaves_neither_rows_nor_files(video, member: User, stored_files) -> None:
    trash.move_to_trash(video, member)
    Choice.of(video.team, [], [], [str(video.pk)]).delete_now(member)
    assert not Video.kept.exists()
    removals.remove_deleted()
    for kind in (Frame, Box, Upload, Activity):
        assert not kind.objects.exists()
    assert not Video.everything.exists()
    assert Label.objects.exists(), "labels are the team's"
    assert stored_files() == []


def test_a_video_that_a_dataset_uses_stays_and_says_which(video, member: User) -> None:
    cones = DatasetFactory(team=video.team, description="cones")
    DatasetVideo.objects.create(dataset=cones, video=video)
    with pytest.raises(VideoInUse, match="is used by “cones”"):
        trash.move_to_trash(video, member)
    with pytest.raises(VideoInUse):
        deletion.delete_video(video)
    datasets_trash.move_to_trash(cones)
    with pytest.raises(VideoInUse, match=r"“cones \(in the trash\)”"):
        trash.move_to_trash(video, member)
    datasets_trash.restore(cones)
    assert trash.move_all([video, VideoFactory(team=video.team)], member).refusals == [
        f"“{video}” is used by “cones”. Delete that first."
    ]


def test_the_trash_counts_for_no_limit_and_nothing_is_restored_beyond_it(video, member: User, settings) -> None:
    settings.TEAM_MAX_VIDEOS = 1
    trash.move_to_trash(video, member)
    VideoFactory(team=video.team)
    with pytest.raises(VideoRefused, match="the most there can be"):
        trash.restore(video, member)


def test_no_worker_takes_frames_out_of_a_video_in_the_trash(team: Team, member: User) -> None:
    arrived = VideoFactory(team=team, state=Video.State.EXTRACTING)
    trash.move_to_trash(arrived, member)
    assert not extraction_leases.waiting().exists()
    trash.restore(arrived, member)
    assert extraction_leases.waiting().get() == arrived


def test_a_frame_of_another_video_stays(video, member: User) -> None:
    other = VideoFrameFactory(video__team=video.team)
    deletion.delete_video(video)
    removals.remove_deleted()
    assert Frame.objects.get() == other
