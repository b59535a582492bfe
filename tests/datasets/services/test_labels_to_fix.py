"""A dataset's frames, opened where their labels can be fixed: the same pictures, not copies of them."""

import pytest

from datasets import tasks
from datasets.importing.to_frames import frame_leases, taking_in
from datasets.models import Dataset, DatasetVideo, FixedLabels
from datasets.refusals import DatasetInUse, DatasetRefused
from datasets.services import editing, trash
from datasets.services.labeling import labels_to_fix
from ftcml.accounts.models import Team
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.core.pictures.near_duplicates import UNREADABLE
from tests.datasets.archives import A_BALL, one_frame, picture, sound_frames
from tests.datasets.producing import import_what_waits
from tests.factories import DatasetFactory, TrainingJobFactory, VideoFactory, VideoFrameFactory
from videos.models import Label, Video

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(import_zip) -> Dataset:
    """Four frames to train on and one for evaluation; of the former, one shows nothing."""
    of_evaluation = {
        f"valid/{name}": data for name, data in one_frame(picture(), [A_BALL, ("cube", 1, 2, 3, 4)]).items()
    }
    to_train = sound_frames(3) | one_frame(picture(), [], "nothing.jpg")
    return import_zip({f"train/{name}": data for name, data in to_train.items()} | of_evaluation)


def test_frames_and_boxes_are_those_of_the_dataset_and_pictures_are_stored_once(dataset: Dataset) -> None:
    before = storage.tree_size("teams")
    (video,) = labels_to_fix.open_frames(dataset, None)
    assert (video.state, video.kind, str(video), video.frames_in_video) == ("READY", "dataset", "a set", 5)
    assert storage.tree_size("teams") == before
    frames = list(video.frames.all())
    theirs = list(dataset.frames.order_by("-split", "number"))
    assert [frame.picture_name for frame in frames] == [frame.picture_name for frame in theirs]
    assert [frame.filename for frame in frames] == [frame.filename for frame in theirs]
    assert [frame.pk for frame in frames] == [frame.source_id for frame in theirs]
    assert [frame.near_duplicate_of for frame in frames] == [None, 0, 0, 0, 0]
    assert all(frame.finished and not frame.ignored for frame in frames)
    assert [frame.boxes.count() for frame in frames] == [len(frame.boxes) for frame in theirs] == [1, 1, 1, 0, 2]
    cube = frames[4].boxes.get(label__name="cube")
    assert (cube.xmin, cube.ymin, cube.xmax, cube.ymax) == pytest.approx((1, 2, 3, 4))
    assert (cube.origin, cube.confirmed) == ("imported", True)
    assert set(Label.objects.for_team(video.team).values_list("name", flat=True)) == {"ball", "cube"}
    assert labels_to_fix.fixed_in(dataset) == [video]
    assert labels_to_fix.fixed_frame(theirs[4]) == frames[4]


def test_twice_opens_the_same_video_and_one_that_failed_begins_anew(dataset: Dataset) -> None:
    (video,) = labels_to_fix.open_frames(dataset, None)
    assert labels_to_fix.open_frames(dataset, None) == [video]
    Video.objects.filter(pk=video.pk).update(state="FAILED", attempts=3)
    video.frames.all().delete()
    assert labels_to_fix.fixed_in(dataset) == []
    assert labels_to_fix.open_frames(dataset, None) == [video]
    assert (video.frames.count(), Video.objects.get().state) == (5, "READY")


def test_a_picture_that_nobody_can_read_is_opened_with_the_others(dataset: Dataset) -> None:
    dataset.frames.filter(split="training", number=1).update(fingerprint=UNREADABLE)
    dataset.frames.filter(split="training", number=3).update(fingerprint="")
    (video,) = labels_to_fix.open_frames(dataset, None)
    assert video.state == "READY", video.error
    assert [frame.near_duplicate_of for frame in video.frames.all()] == [None, None, 0, None, 0]


def test_whoever_opens_it_meanwhile_takes_nothing_from_a_worker(dataset: Dataset, monkeypatch) -> None:
    with monkeypatch.context() as slow:
        slow.setattr(labels_to_fix.taking_in, "take_in", lambda video: None)
        labels_to_fix.open_frames(dataset, None)
    claimed = frame_leases.claim_next()
    assert claimed is not None
    video, lease = claimed
    for _ in range(4):
        labels_to_fix.open_frames(dataset, None)
    taking_in.take_in_held(video, lease)
    assert (video.state, video.attempts, video.frames.count()) == ("READY", 1, 5)


def test_a_worker_opens_what_would_take_long(dataset: Dataset, monkeypatch, django_capture_on_commit_callbacks) -> None:
    monkeypatch.setattr(labels_to_fix, "_AT_ONCE", 4)
    with django_capture_on_commit_callbacks() as woken:
        (video,) = labels_to_fix.open_frames(dataset, None)
    assert (video.state, video.frames.count(), len(woken)) == ("EXTRACTING", 0, 1)
    tasks.take_in_next()
    video.refresh_from_db()
    assert (video.state, video.frames.count(), video.lease_until) == ("READY", 5, None)


def test_a_dataset_stays_as_long_as_its_frames_are_shown(dataset: Dataset) -> None:
    (video,) = labels_to_fix.open_frames(dataset, None)
    with pytest.raises(DatasetInUse, match="The video “a set” shows the frames of “a set”"):
        trash.move_to_trash(dataset)
    Video.objects.filter(pk=video.pk).update(trashed_at=clock.now())
    with pytest.raises(DatasetRefused, match="which is in the trash"):
        labels_to_fix.open_frames(dataset, None)
    with pytest.raises(DatasetInUse):
        trash.move_to_trash(dataset)
    assert labels_to_fix.fixed_frame(dataset.frames.first()) is None
    Video.kept.get(pk=video.pk).delete()
    assert dataset.frames.filter(source=None).count() == 5
    trash.move_to_trash(dataset)


def test_models_are_named_before_the_video_is(dataset: Dataset) -> None:
    labels_to_fix.open_frames(dataset, None)
    TrainingJobFactory(team=dataset.team, description="cone finder", dataset=dataset)
    with pytest.raises(DatasetInUse, match="used to train “cone finder”"):
        trash.move_to_trash(dataset)
    dataset.training_jobs.update(description=dataset.description)  # as the dialog suggests, and as the video is called
    with pytest.raises(DatasetInUse, match="used to train “a set”"):
        trash.move_to_trash(dataset)


def test_a_changed_copy_is_fixed_in_frames_of_its_own(dataset: Dataset) -> None:
    (video,) = labels_to_fix.open_frames(dataset, None)
    editing.rename_label(dataset, "ball", "sphere")
    copy = editing.save(dataset, None, "changed")
    import_what_waits()
    copy.refresh_from_db()
    assert [labels_to_fix.fixed_frame(frame) for frame in copy.frames.all()] == [None] * 5
    assert labels_to_fix.fixed_frame(dataset.frames.first()).video == video


def test_a_video_that_is_being_removed_makes_way_for_another(dataset: Dataset) -> None:
    (old,) = labels_to_fix.open_frames(dataset, None)
    Video.objects.filter(pk=old.pk).update(trashed_at=clock.now(), deleted=clock.now())
    (new,) = labels_to_fix.open_frames(dataset, None)
    assert new != old
    assert FixedLabels.objects.get().video == new
    assert dataset.frames.filter(source__video=new).count() == 5


def test_a_dataset_of_videos_is_fixed_in_them(team: Team) -> None:
    video = VideoFactory(team=team)
    frame = VideoFrameFactory(video=video)
    dataset = DatasetFactory(team=team)
    DatasetVideo.objects.create(dataset=dataset, video=video)
    made = dataset.frames.create(split="training", number=0, width=1, height=1, source=frame)
    assert labels_to_fix.open_frames(dataset, None) == labels_to_fix.fixed_in(dataset) == [video]
    assert labels_to_fix.fixed_frame(made) == frame
    assert not FixedLabels.objects.exists()


def test_a_dataset_that_is_not_ready_has_nothing_to_fix(team: Team) -> None:
    with pytest.raises(DatasetRefused, match="isn't ready"):
        labels_to_fix.open_frames(DatasetFactory(team=team, state="PRODUCING"), None)
    with pytest.raises(DatasetRefused, match="still checking"):
        labels_to_fix.open_frames(DatasetFactory(team=team, inspection_version=0), None)
    assert not Video.objects.exists()
