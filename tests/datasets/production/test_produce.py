"""Produce Dataset: from finished frames of videos to a READY dataset, or a clear sentence."""

from uuid import uuid4

import pytest
from django.db import connection

from datasets.importing import import_leases, making, producing
from datasets.inspection.advice import advice
from datasets.inspection.findings import Inspection
from datasets.models import Dataset, DatasetVideo
from datasets.production import counted_frames
from datasets.production.choices import ProductionChoices, SplitMethod
from datasets.production.versions import Changes
from datasets.protos.tf_example_pb2 import Example
from datasets.reasons import Code
from datasets.refusals import DatasetRefused
from datasets.services import editing, lost_files
from datasets.services.labeling import labels_to_fix, production
from datasets.split import Split
from datasets.tfrecords import frames
from ftcml.accounts.models import Team
from ftcml.core.files import storage
from ftcml.core.trash.holders import holders
from tests.datasets.archives import one_frame, picture
from tests.datasets.filming import label
from tests.datasets.producing import import_what_waits
from tests.datasets.production.conftest import Filmed
from tests.factories import BoxFactory, TrainingJobFactory
from videos.models import Activity, Box, Frame, Label, Video

pytestmark = pytest.mark.django_db(transaction=True)


def produced(*videos: Video, is_next_version: bool = False, **choices) -> Dataset:
    """The dataset as a worker has made it."""
    asked = ProductionChoices((), **choices)
    dataset = production.request(videos[0].team, None, "cones", videos, asked, is_next_version)
    import_what_waits()
    dataset.refresh_from_db()
    return dataset


def refusal_of(*videos: Video, **choices) -> str:
    """The code of why these videos make no dataset, of which the preview has the sentence."""
    asked = ProductionChoices((), **choices)
    with pytest.raises(DatasetRefused) as refused:
        production.request(videos[0].team, None, "cones", videos, asked)
    assert production.preview(videos[0].team, videos, asked).refusal == str(refused.value)
    assert not Dataset.objects.exists()
    return refused.value.reason.code


class Dying:
    """In place of a model: a process that asks for its rows dies."""

    @property
    def objects(self) -> None:
        raise KeyboardInterrupt


def records(dataset: Dataset) -> list[Example]:
    found = []
    for shard in dataset.shards.all():
        with storage.open_file(shard.name) as stream:
            found += [Example.FromString(data) for data in frames(stream)]
    return found


def test_finished_frames_become_a_dataset_and_their_pictures_stay_where_they_are(filmed: Filmed) -> None:
    video = filmed(frames=40, labels=("cone", "ball"), finished=30, description="gym")
    Frame.objects.filter(video=video, number=0).update(ignored=True)
    Box.objects.filter(frame__number=1).delete()
    Frame.objects.filter(video=video, number=2).update(finished=False)
    dataset = produced(video)
    assert dataset.state == Dataset.State.READY, dataset.error
    assert dataset.labels == ["ball", "cone"]
    training, evaluation = dataset.counts["training"]["frames"], dataset.counts["evaluation"]["frames"]
    assert training + evaluation + dataset.production["gap"] == 28
    assert dataset.counts["training"]["negative_frames"] + dataset.counts["evaluation"]["negative_frames"] <= 1
    assert {frame.stored_as for frame in dataset.frames.all()} <= set(
        video.frames.values_list("picture_name", flat=True)
    )
    assert {frame.source.number for frame in dataset.frames.all()} <= {1, *range(3, 30)}
    assert not storage.entries(f"{dataset.prefix}/frames")
    first = dataset.frames.exclude(boxes=[]).first()
    assert first.boxes[0]["box"] == pytest.approx([9 / 36, 8 / 64, 27 / 36, 32 / 64])
    shown = records(dataset)
    assert len(shown) == training + evaluation
    with storage.open_file(first.picture_name) as stream:
        assert stream.read() in {one.features.feature["image/encoded"].bytes_list.value[0] for one in shown}
    assert DatasetVideo.objects.get().video == video
    assert Activity.objects.get(action="produced").params["dataset"] == "cones"
    assert not list(lost_files.lost_files())


def test_the_preview_says_what_the_dataset_will_be(filmed: Filmed, team: Team) -> None:
    videos = [filmed(frames=25, labels=("cone", "Cone"), finished=20), filmed(frames=12, labels=("cone",))]
    asked = ProductionChoices((), eval_percent=30, seed=4)
    told = production.preview(team, videos, asked)
    dataset = produced(*videos, eval_percent=30, seed=4)
    assert (told.training, told.evaluation) == tuple(dataset.counts[split]["frames"] for split in Split)
    assert (told.gap, told.unfinished, told.refusal) == (dataset.production["gap"], 5, "")
    assert told.warnings == advice(dataset, Inspection.of(dataset))
    assert told.near_duplicates == Inspection.of(dataset).near_duplicates.frames
    assert [(use.label, use.boxes, use.near) for use in told.labels] == [("Cone", 20, "cone"), ("cone", 32, "")]


def test_labels_are_renamed_merged_and_left_out_in_the_dataset_alone(filmed: Filmed) -> None:
    video = filmed(labels=("cone", "Cone", "ball", "chair"))
    dataset = produced(video, labels={"Cone": "cone", "ball": "  wiffle  ball", "chair": "", "gone": "x"})
    assert dataset.labels == ["cone", "wiffle ball"]
    assert set(Box.objects.values_list("label__name", flat=True)) == {"cone", "Cone", "ball", "chair"}


def test_a_label_that_is_renamed_before_a_worker_comes_stays_as_it_was_asked_for(filmed: Filmed) -> None:
    video = filmed(labels=("cone", "chair", "ball"))
    asked = ProductionChoices((), labels={"chair": "", "cone": "red cone"})
    dataset = production.request(video.team, None, "cones", [video], asked)
    for old, new in (("chair", "seat"), ("cone", "chair"), ("ball", "cone")):
        Label.objects.filter(name=old).update(name=new)
    import_what_waits()
    dataset.refresh_from_db()
    assert dataset.labels == ["ball", "red cone"]


def test_whole_videos_are_kept_for_evaluation(filmed: Filmed) -> None:
    one, other = filmed(frames=6), filmed(frames=4)
    dataset = produced(one, other, method=SplitMethod.VIDEOS, kept=(str(other.pk),))
    assert {frame.source.video for frame in dataset.frames.filter(split="evaluation")} == {other}
    assert dataset.counts["training"]["frames"] == 6


def test_the_shuffle_takes_each_video_for_itself_as_the_reference_does(filmed: Filmed) -> None:
    dataset = produced(filmed(frames=10), filmed(frames=10), method=SplitMethod.SHUFFLE)
    held_back = dataset.frames.filter(split="evaluation").order_by("number")
    assert [frame.source.number for frame in held_back] == [3, 7, 3, 7]


def test_what_makes_no_dataset_is_refused_before_there_is_one(filmed: Filmed, team: Team, settings) -> None:
    assert refusal_of(filmed(frames=3, finished=0)) == Code.NO_FINISHED_FRAME
    assert refusal_of(filmed(frames=3, finished=1)) == Code.ONE_FINISHED_FRAME
    assert refusal_of(filmed(frames=5, labels=())) == Code.ALL_NEGATIVE
    good = filmed(frames=5)
    assert refusal_of(good, labels={"cone": ""}) == Code.ALL_NEGATIVE
    assert refusal_of(good, eval_percent=0) == Code.ALL_FOR_TRAINING
    assert refusal_of(good, method=SplitMethod.VIDEOS) == Code.ALL_FOR_TRAINING
    assert refusal_of(good, method=SplitMethod.VIDEOS, kept=(str(good.pk),)) == Code.ALL_FOR_EVALUATION
    assert refusal_of(good, filmed(frames=1), method=SplitMethod.SHUFFLE) == Code.ONE_FRAME_TO_SHUFFLE
    assert refusal_of(good, method=SplitMethod.VIDEOS, kept=(str(uuid4()),)) == Code.KEPT_NOT_CHOSEN
    assert refusal_of(good, eval_percent=91) == Code.BAD_PERCENT
    assert refusal_of(good, filmed(state=Video.State.EXTRACTING)) == Code.VIDEO_NOT_READY
    settings.TEAM_MAX_DATASETS = 0
    assert refusal_of(good) == Code.TOO_MANY_DATASETS


def test_a_worker_that_died_is_followed_by_one_that_makes_the_same_frames_and_none_twice(
    filmed: Filmed, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = filmed(frames=60, finished=55)
    dataset = production.request(video.team, None, "cones", [video], ProductionChoices(()))
    expected = production.preview(video.team, [video], ProductionChoices(()))
    with monkeypatch.context() as dying:
        dying.setattr(making.Tally, "inspection", lambda *given, **named: 1 / 0)
        dying.setattr(producing, "fail", lambda *given: None)
        import_what_waits()
    assert dataset.frames.exists()
    Frame.objects.filter(number__gte=55).update(finished=True)  # what is finished later doesn't count
    Dataset.objects.update(import_lease_until=None)
    import_what_waits()
    dataset.refresh_from_db()
    assert dataset.state == Dataset.State.READY, dataset.error
    assert dataset.counts["training"]["frames"] == expected.training
    numbers = [frame.source.number for frame in dataset.frames.select_related("source")]
    assert len(numbers) == len(set(numbers)) == expected.training + expected.evaluation
    assert max(numbers) < 55
    assert import_leases.waiting().count() == 0


def test_a_frame_that_someone_finishes_meanwhile_never_seems_to_show_nothing(filmed: Filmed) -> None:
    video = filmed(frames=6, finished=4)
    queries = 0

    def finishes(execute, *query):
        nonlocal queries
        queries += 1
        found = execute(*query)
        if queries < 4:
            with connection.cursor() as cursor:
                cursor.cursor.execute("UPDATE videos_frame SET finished = true")
        return found

    with connection.execute_wrapper(finishes):
        found = counted_frames.find([video])
    assert all(frame.boxes for frame in found.frames)


def test_pictures_of_the_same_name_have_names_that_tell_them_apart(filmed: Filmed) -> None:
    one, other = filmed(frames=3, description="Gym"), filmed(frames=2, description="gym")
    Frame.objects.update(filename="IMG_1.jpg")
    names = {frame.filename for frame in counted_frames.find([one, other]).frames}
    assert names == {f"gym-00000{number}/IMG_1.jpg" for number in range(3)} | {
        f"gym-2-00000{number}/IMG_1.jpg" for number in range(2)
    }


def test_lost_pictures_fail_it_and_the_video_can_be_deleted(filmed: Filmed) -> None:
    video = filmed(frames=6)
    storage.remove(video.picture_name(3))
    dataset = produced(video)
    assert dataset.reason_code == Code.VIDEO_PICTURES_LOST
    assert not DatasetVideo.objects.exists()
    assert not storage.entries(dataset.prefix)


def test_a_worker_that_dies_as_it_fails_leaves_it_for_the_next(filmed: Filmed, monkeypatch: pytest.MonkeyPatch) -> None:
    video = filmed(frames=6)
    storage.remove(video.picture_name(3))
    dataset = production.request(video.team, None, "cones", [video], ProductionChoices(()))
    with monkeypatch.context() as dying:
        dying.setattr(producing, "DatasetVideo", Dying())
        with pytest.raises(KeyboardInterrupt):
            import_what_waits()
    dataset.refresh_from_db()
    assert dataset.state == Dataset.State.PRODUCING
    Dataset.objects.update(import_lease_until=None)
    import_what_waits()
    dataset.refresh_from_db()
    assert (dataset.state, DatasetVideo.objects.count()) == (Dataset.State.FAILED, 0)


def test_produced_again_it_is_the_next_version_and_says_what_changed(filmed: Filmed) -> None:
    video = filmed(frames=40, finished=20, labels=("cone",))
    first = produced(video)
    Frame.objects.filter(number__gte=20).update(finished=True)
    corrected = first.frames.filter(split="training").first().source
    corrected.boxes.update(label=label(video.team, "ball"))
    second = produced(video, is_next_version=True)
    assert (str(first), str(second), second.previous) == ("cones", "cones v2", first)
    changed = Changes.of(second)
    assert changed.added_frames >= 15
    if corrected.pk in second.frames.values_list("source_id", flat=True):
        assert (changed.added_boxes, changed.removed_boxes) == ({"ball": 1}, {"cone": 1})
    assert str(produced(video, is_next_version=True)) == "cones v3"
    assert str(produced(video)) == "cones"


def test_the_next_version_waits_for_one_that_is_on_its_way(filmed: Filmed) -> None:
    video = filmed(frames=40, labels=("cone",))
    produced(video)
    production.request(video.team, None, "cones", [video], ProductionChoices(()), is_next_version=True)
    with pytest.raises(DatasetRefused, match="“cones v2” is being produced"):
        production.request(video.team, None, "cones", [video], ProductionChoices(()), is_next_version=True)
    assert str(produced(video)) == "cones", "a dataset of its own"


def test_a_dataset_whose_labels_are_fixed_gets_its_next_version(team: Team, import_zip) -> None:
    boxes = [("ball", number / 7, 1 / number, 90 - 1 / number, 80.7) for number in range(1, 21)]
    files: dict = {}
    for number in range(8):
        files |= one_frame(picture((333, 217)), boxes, f"{number}.jpg")
    imported = import_zip(files)
    (video,) = labels_to_fix.open_frames(imported, None)
    Box.objects.filter(pk=video.frames.get(number=3).boxes.first().pk).update(label=label(team, "cube"))
    Frame.objects.filter(number=4).update(ignored=True)
    fixed = production.request(team, None, "a set", [video], ProductionChoices(()), is_next_version=True)
    import_what_waits()
    fixed.refresh_from_db()
    assert (str(fixed), fixed.previous, fixed.state) == ("a set v2", imported, "READY")
    changed = Changes.of(fixed)
    assert (changed.added_frames, changed.removed_frames) == (0, 1)
    assert (changed.added_boxes, changed.removed_boxes) == ({"cube": 1}, {"ball": 1})
    assert str(produced(video, is_next_version=True)) == "cones v3"


def test_changes_on_the_dataset_page_keep_working_and_the_video_stays(filmed: Filmed) -> None:
    video = filmed(frames=10, labels=("cone", "ball"))
    dataset = produced(video)
    editing.rename_label(dataset, "ball", "sphere")
    editing.save(dataset, None)
    import_what_waits()
    editing.settle()
    copy = Dataset.objects.get()
    assert copy.labels == ["cone", "sphere"]
    assert {frame.stored_as for frame in copy.frames.all()} == set(video.frames.values_list("picture_name", flat=True))
    assert copy.dataset_videos.get().video == video
    TrainingJobFactory(team=video.team, dataset=copy, labels=copy.labels)
    assert holders([copy])


def test_boxes_drawn_around_a_frame_are_the_same_again(filmed: Filmed) -> None:
    """Fractions of a pixel stay."""
    video = filmed(frames=4)
    box = BoxFactory(frame=video.frames.first(), label=label(video.team, "cone"), xmin=1.25, ymin=2, xmax=9.5, ymax=30)
    dataset = produced(video)
    boxes = dataset.frames.get(source=box.frame).boxes
    assert [2 / 36, 1.25 / 64, 30 / 36, 9.5 / 64] in [entry["box"] for entry in boxes]
