"""Pages that list things ask the database no more often for thirty than for one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from datasets.inspection import inspecting
from datasets.models import Frame
from datasets.split import Split
from ftcml.accounts.models import Team, User
from ftcml.accounts.services import ledger
from tests.factories import BoxFactory, DatasetFactory, TrainingJobFactory, VideoFactory, VideoFrameFactory
from tests.training.curve_points import publish
from training.models import JobEvent, MetricPoint
from videos.models import Video
from videos.reviewing import assignments, comments


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("address", "limit"), [("/datasets/", 12), ("/datasets/table/", 11)])
def test_the_datasets_tab(address: str, limit: int, member_client: Client, team: Team) -> None:
    ledger.balance_of(team)
    DatasetFactory(team=team)
    member_client.get(address)
    alone = _queries(member_client, address)
    DatasetFactory.create_batch(30, team=team)
    assert _queries(member_client, address) == alone <= limit


@pytest.mark.parametrize(("address", "limit"), [("/videos/", 11), ("/videos/table/", 10)])
def test_the_videos_tab(address: str, limit: int, member_client: Client, team: Team) -> None:
    VideoFactory(team=team)
    member_client.get(address)
    alone = _queries(member_client, address)
    VideoFactory.create_batch(30, team=team)
    assert _queries(member_client, address) == alone <= limit


def test_the_frames_of_a_video(member_client: Client, team: Team) -> None:
    video = BoxFactory(frame__video__team=team).frame.video
    address = f"/videos/{video.pk}/"
    few = _queries(member_client, address)
    for frame in VideoFrameFactory.create_batch(30, video=video):
        BoxFactory(frame=frame)
    assert _queries(member_client, address) == few <= 14


def test_the_review_and_the_statistics_of_a_video(member_client: Client, member: User, team: Team) -> None:
    video = BoxFactory(frame__video__team=team, frame__number=0, frame__finished=True).frame.video
    parts = ("label/frames.json", "frames/0/review/", "assignments/", "statistics/")
    addresses = [f"/videos/{video.pk}/{part}" for part in parts]
    comments.add(video.frames.get(), member, "Too wide")
    assignments.assign(video, member, 0, 0, member)
    few = [_queries(member_client, address) for address in addresses]
    for number in range(1, 20):
        frame = VideoFrameFactory(video=video, number=number, finished=True)
        comments.add(BoxFactory(frame=frame, person=member).frame, member, "Too wide")
        comments.add(video.frames.get(number=0), member, "Too wide")
        assignments.assign(video, member, 0, number, member)
    assert [_queries(member_client, address) for address in addresses] == few
    # The statistics are counted by the database, one question for each part of the page.
    assert max(few) <= 12


@pytest.mark.parametrize(("address", "limit"), [("", 13), ("frames.json", 10), ("changes.json", 12)])
def test_the_label_page_of_a_video(address: str, limit: int, member_client: Client, team: Team) -> None:
    video = BoxFactory(frame__video__team=team, frame__changed=1).frame.video
    Video.objects.filter(pk=video.pk).update(changes=1)
    address = f"/videos/{video.pk}/label/{address}"
    member_client.get(address)
    few = _queries(member_client, address)
    for frame in VideoFrameFactory.create_batch(30, video=video, changed=1):
        BoxFactory(frame=frame)
    assert _queries(member_client, address) == few <= limit


@pytest.mark.parametrize("address", ["/models/", "/models/table/"])
def test_the_models_tab(address: str, member_client: Client, team: Team) -> None:
    TrainingJobFactory(team=team)
    member_client.get(address)
    alone = _queries(member_client, address)
    TrainingJobFactory.create_batch(30, team=team)
    assert _queries(member_client, address) == alone <= 15


def test_the_details_page(member_client: Client, team: Team) -> None:
    job = TrainingJobFactory(team=team)
    few = _queries(member_client, f"/models/{job.pk}/")
    JobEvent.objects.bulk_create(JobEvent(job=job, new_state="QUEUED") for _ in range(30))
    MetricPoint.objects.bulk_create(
        MetricPoint(job=job, split="train", tag="steps_per_sec", step=step, value=1) for step in range(30)
    )
    assert _queries(member_client, f"/models/{job.pk}/") == few <= 19


def test_the_graphs_page_and_its_curves(member_client: Client, team: Team) -> None:
    first = TrainingJobFactory(team=team)
    job = TrainingJobFactory(team=team, parent=first)
    publish(job, (100,))
    addresses = (f"/models/{job.pk}/graphs/", f"/models/{job.pk}/metrics.json", f"/models/{job.pk}/graphs/part/")
    few = [_queries(member_client, address) for address in addresses]
    publish(job, range(200, 500, 100))
    first.parent = TrainingJobFactory(team=team, steps_completed=100)
    first.save()
    assert [_queries(member_client, address) for address in addresses] == few
    assert max(few) <= 15


def test_the_frames_of_a_dataset(member_client: Client, team: Team) -> None:
    dataset = DatasetFactory(team=team)
    frame = {"dataset": dataset, "split": Split.TRAINING, "filename": "a.jpg", "width": 10, "height": 10}
    Frame.objects.create(number=0, **frame)
    address = f"/datasets/{dataset.pk}/"
    member_client.get(address)  # notes that the member has looked at a dataset
    unseen = _queries(member_client, address)
    inspecting.inspect(dataset)
    few = _queries(member_client, address)
    Frame.objects.bulk_create(Frame(number=number, **frame) for number in range(1, 30))
    assert _queries(member_client, address) == few <= 9
    assert unseen == few + 1
