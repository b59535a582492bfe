"""Labeled frames of videos, taken to other programs and brought back."""

import io
import json
import uuid
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from django.core.files.base import ContentFile
from pycocotools.coco import COCO

from datasets.formats.catalog import FORMATS, WRITTEN
from datasets.formats.tf_records.label_maps import parsed
from datasets.protos.tf_example_pb2 import Example
from datasets.refusals import DatasetRefused
from datasets.services.labeling import label_exports
from datasets.tfrecords import frames as records
from ftcml.accounts.models import Team, User
from ftcml.core.files import storage
from tests.datasets.archives import picture
from tests.factories import BoxFactory, LabelFactory, VideoFactory, VideoFrameFactory
from videos.labeling import saving
from videos.labeling.edits import BoxEdit, FrameEdit, GivenLook
from videos.labeling.tracks import objects
from videos.models import Video

pytestmark = pytest.mark.django_db

SIZE = (640, 360)
PICTURE = picture(SIZE)


def a_video(team: Team, filename: str = "IMG 1.mov", frames: int = 10) -> Video:
    """A cone in each frame but the second, which shows nothing; after them frames that don't count."""
    video = VideoFactory(team=team, description="Gym, Monday", filename=filename)
    cone = LabelFactory(team=team, name=f'red, "tall" cone of {filename}')
    for number in range(frames):
        frame = VideoFrameFactory(video=video, number=number, finished=True)
        storage.put(frame.picture_name, ContentFile(PICTURE))
        if number != 1:
            BoxFactory(frame=frame, label=cone, xmin=10.25 + number, ymin=20, xmax=630.125, ymax=360)
    BoxFactory(frame__video=video, label=cone)  # nobody has finished it
    VideoFrameFactory(video=video, finished=True, ignored=True)
    return video


def exported(videos: list[Video], key: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(label_exports.export(videos, key).content)))


@pytest.mark.parametrize("key", WRITTEN)
def test_what_was_exported_is_imported_with_the_same_boxes(team: Team, import_zip, tmp_path: Path, key: str) -> None:
    video = a_video(team)
    (tmp_path / "labels.zip").write_bytes(b"".join(label_exports.export([video], key).content))
    dataset = import_zip(tmp_path / "labels.zip", eval_percent=0)
    assert (dataset.state, dataset.repairs, dataset.labels) == ("READY", [], ['red, "tall" cone of IMG 1.mov'])
    assert dataset.archive_format == (key if key in FORMATS else "records")
    frames = sorted(dataset.frames.all(), key=lambda frame: frame.filename)
    names = [PurePosixPath(frame.filename).name for frame in frames]
    assert names == [f"gym-monday-{number:06d}.jpg" for number in range(10)]
    assert frames[1].boxes == []
    for number in (0, 2, 9):
        (box,) = frames[number].boxes
        assert box["box"] == pytest.approx([20 / 360, (10.25 + number) / 640, 1, 630.125 / 640], abs=1e-6)
    with storage.open_file(frames[0].picture_name) as stored:
        assert stored.read() == PICTURE


def test_several_videos_become_one_set_that_pycocotools_reads(team: Team, tmp_path: Path) -> None:
    videos = [a_video(team), a_video(team, "b.mp4", frames=3)]
    archive = exported(videos, "coco")
    (tmp_path / "labels.json").write_bytes(archive.read("annotations/instances_training.json"))
    coco = COCO(tmp_path / "labels.json")
    assert len(coco.getImgIds()) == 13
    assert [each["name"] for each in coco.loadCats(coco.getCatIds())] == [
        'red, "tall" cone of IMG 1.mov',
        'red, "tall" cone of b.mp4',
    ]
    first = coco.loadAnns(coco.getAnnIds(imgIds=[1]))
    assert [each["bbox"] for each in first] == [[10.25, 20, 619.875, 340]]
    pictures = [name for name in archive.namelist() if name.startswith("training/")]
    assert pictures[-1] == "training/gym-monday-2-000002.jpg"


def test_limelights_trainer_finds_its_folders_and_the_features_that_it_reads(team: Team) -> None:
    archive = exported([a_video(team)], "limelight")
    assert archive.namelist() == [
        "train/frames_label_map.pbtxt",
        "train/frames.tfrecord",
        "valid/frames_label_map.pbtxt",
        "valid/frames.tfrecord",
    ]
    for folder, count in (("train", 8), ("valid", 2)):
        assert parsed(archive.read(f"{folder}/frames_label_map.pbtxt").decode()) == {1: 'red, "tall" cone of IMG 1.mov'}
        found = list(records(io.BytesIO(archive.read(f"{folder}/frames.tfrecord"))))
        assert len(found) == count
        feature = Example.FromString(found[0]).features.feature
        assert list(feature["image/encoded"].bytes_list.value) == [PICTURE]
        assert list(feature["image/object/class/text"].bytes_list.value) == [b'red, "tall" cone of IMG 1.mov']
        assert list(feature["image/object/class/label"].int64_list.value) == [1]
        corners = [*(feature[f"image/object/bbox/{side}"].float_list.value[0] for side in ("ymin", "ymax", "xmax"))]
        assert corners == pytest.approx([20 / 360, 1, 630.125 / 640])


def test_limelights_trainer_gets_both_folders_of_one_frame(team: Team) -> None:
    archive = exported([a_video(team, frames=1)], "limelight")
    assert archive.read("train/frames.tfrecord") == archive.read("valid/frames.tfrecord") != b""


def test_an_object_that_was_drawn_twice_moves_in_every_frame_between(team: Team, member: User, tmp_path: Path) -> None:
    video, label = VideoFactory(team=team, every_nth=10), LabelFactory(team=team, name="cone")
    for number in range(5):
        frame = VideoFrameFactory(video=video, number=number, number_in_video=10 * number)
        storage.put(frame.picture_name, ContentFile(PICTURE))
    track = uuid.uuid4()
    for number in (0, 4):
        look = GivenLook(label.pk, "cone", (20 * number, 10, 20 * number + 50, 60), "drawn", True, track)
        saving.save(video, member, [FrameEdit(number, [BoxEdit(uuid.uuid4(), None, look)])])
    objects.confirm(video, member, [track], 0, 4, finish=True)
    archive = exported([video], "coco")
    (tmp_path / "labels.json").write_bytes(archive.read("annotations/instances_training.json"))
    found = COCO(tmp_path / "labels.json")
    lefts = [found.loadAnns(found.getAnnIds(imgIds=[image]))[0]["bbox"][0] for image in found.getImgIds()]
    assert lefts == [0, 20, 40, 60, 80]


def test_videos_without_labels_have_nothing_to_export(team: Team) -> None:
    with pytest.raises(DatasetRefused, match="no labeled frames yet"):
        label_exports.export([VideoFactory(team=team)], "voc")


def test_a_pictures_own_name_is_kept_and_a_lost_one_is_said(
    team: Team, member_client, member_api, outsider_api
) -> None:
    video = a_video(team, filename="")
    video.frames.filter(number=0).update(filename="gym/cone 1.HEIC")
    address = f"videos/export/?video={video.pk}&format=voc"
    for client, start in ((member_client, "/"), (member_api, "/api/v1/")):
        answer = client.get(start + address)
        assert answer["Content-Disposition"] == 'attachment; filename="gym-monday-voc.zip"'
        assert "JPEGImages/cone 1.jpg" in zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()
        assert client.get(start + address + "x").status_code == 400
    assert outsider_api.get(f"/api/v1/{address}").status_code == 404
    storage.remove(video.frames.first().picture_name)
    answer = member_api.get(f"/api/v1/{address}")
    assert answer.status_code == 404
    assert "lost 1 of these frames' pictures" in json.dumps(answer.json())


def test_how_many_queries_it_takes_does_not_grow(team: Team, django_assert_max_num_queries) -> None:
    video = a_video(team, frames=40)
    with django_assert_max_num_queries(5):
        assert exported([video], "yolo").testzip() is None
