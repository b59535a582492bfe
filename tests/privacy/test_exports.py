"""A coach has everything of the team made into one zip, and a person the rows that name them; others get neither."""

import gc
import io
import json
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client

from datasets.formats.catalog import FORMATS
from datasets.models import Dataset
from ftcml.accounts.models import Membership, ProviderSession, Team, User
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.privacy import tasks
from ftcml.privacy.models import Export
from ftcml.privacy.services.exports import contents, exports, making
from ftcml.privacy.services.exports.export_leases import ExportLease
from tests.factories import MembershipFactory, TeamFactory, VideoFactory, VideoFrameFactory
from tests.one_of_everything import SECRET, make_team
from training.models import JobEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    team, _ = make_team()
    exports.remove(Export.objects.all())
    return team


@pytest.fixture
def coach(team: Team) -> Client:
    client = Client()
    client.force_login(MembershipFactory(team=team, role=Membership.Role.COACH).user)
    return client


def opened(answer: HttpResponse) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def lines(archive: zipfile.ZipFile, name: str) -> list[dict]:
    return [json.loads(line) for line in archive.read(f"data/{name}.jsonl").splitlines()]


def test_a_coach_gets_everything_of_the_team(coach: Client, team: Team) -> None:
    assert coach.post("/people/export/start/").status_code == 204
    assert "Making your export" in coach.get("/people/export/").content.decode()
    tasks.export_next()
    export = Export.objects.get()
    assert (export.state, export.things_done) == (Export.State.READY, export.things_total)
    archive = opened(coach.get(f"/people/export/{export.pk}/"))

    names = archive.namelist()
    assert f"{SECRET}-member" in {one["username"] for one in lines(archive, "people")}
    assert {one["name"] for one in lines(archive, "videos.label")} == {f"{SECRET} ear"}
    assert lines(archive, "videos.box")[0]["xmin"] == 10
    assert {f"{SECRET} set", f"{SECRET} trash"} <= {one["description"] for one in lines(archive, "datasets.dataset")}
    video = next(name for name in names if name.startswith(f"videos/{SECRET}-video-"))
    assert [name for name in zipfile.ZipFile(io.BytesIO(archive.read(video))).namelist() if name.endswith(".jpg")]
    assert any(name.startswith("datasets/") for name in names)
    assert any(name.startswith(f"models/{SECRET}-model-") and name.endswith("float32.tflite") for name in names)
    everything = b"".join(archive.read(name) for name in names if name.startswith("data/"))
    for opens_something in (b"digest", b"password", b"secret", b"secret_seed"):
        assert b'"%s"' % opens_something not in everything


def test_a_person_gets_the_rows_that_name_them(team: Team) -> None:
    person = User.objects.get(username=f"{SECRET}-member")
    JobEvent.objects.create(job=team.training_jobs.get(), new_state="QUEUED", by=person.username)
    ProviderSession.objects.create(user=person, session_key="of-another-browser", sid="at the provider")
    client = Client()
    client.force_login(person)
    client.post("/my-data/start/")
    tasks.export_next()
    archive = opened(client.get("/my-data/download/"))
    assert lines(archive, "accounts.user")[0]["username"] == person.username
    assert lines(archive, "videos.comment")[0]["text"] == f"{SECRET} comment"
    assert lines(archive, "accounts.apitoken")[0]["name"] == f"{SECRET} script"
    assert lines(archive, "training.jobevent")[-1]["by"] == person.username
    assert lines(archive, "accounts.providersession")[0]["sid"] == "at the provider"
    assert "session_key" not in lines(archive, "accounts.providersession")[0]
    assert not any(name.startswith(("datasets/", "models/")) for name in archive.namelist())


def test_an_export_that_is_stopped_leaves_nothing(coach: Client, team: Team, monkeypatch, stored_files) -> None:
    before = stored_files()
    coach.post("/people/export/start/")
    export, lease = ExportLease.claim_next()
    written = making._add

    def stopped_meanwhile(archive, file):
        coach.post("/people/export/stop/")
        lease.renew()
        yield from written(archive, file)

    monkeypatch.setattr(making, "_add", stopped_meanwhile)
    making.make(export, lease)
    assert Export.objects.get().state == Export.State.STOPPED
    assert stored_files() == before
    assert "The export was stopped" in coach.get("/people/export/").content.decode()


def test_a_worker_that_was_killed_is_followed_by_another(coach: Client, team: Team) -> None:
    coach.post("/people/export/start/")
    ExportLease.claim_next()  # killed
    Export.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    tasks.export_next()
    assert Export.objects.get().state == Export.State.READY


def test_an_export_ends_after_a_day(coach: Client, team: Team, stored_files) -> None:
    before = stored_files()
    coach.post("/people/export/start/")
    tasks.export_next()
    storage.put("exports/left-over.zip", ContentFile(b"of a worker that was killed"))
    tasks.tidy()
    assert len(stored_files()) == len(before) + 1
    Export.objects.update(ended=clock.now() - timedelta(days=1, seconds=1))
    tasks.tidy()
    assert (Export.objects.count(), stored_files()) == (0, before)


def test_a_full_disk_is_said_plainly(coach: Client, team: Team, monkeypatch) -> None:
    coach.post("/people/export/start/")
    monkeypatch.setattr(storage, "nearly_full", lambda: "full")
    tasks.export_next()
    assert Export.objects.get().state == Export.State.FAILED
    assert "disk is nearly full" in coach.get("/people/export/").content.decode()


def test_a_lost_picture_does_not_keep_the_rest(coach: Client, team: Team) -> None:
    dataset = Dataset.objects.get(description=f"{SECRET} set")
    storage.remove(dataset.frames.first().picture_name)
    coach.post("/people/export/start/")
    tasks.export_next()
    assert Export.objects.get().state == Export.State.READY


def test_memory_does_not_grow_with_the_data() -> None:
    team = TeamFactory()

    def most(frames: int) -> int:
        video = VideoFactory(team=team)
        for frame in VideoFrameFactory.create_batch(frames, video=video):
            storage.put(frame.picture_name, ContentFile(b"x" * 400_000))
        exports.ask_for_team(team, None)
        gc.collect()
        tracemalloc.start()
        tasks.export_next()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert exports.of_team(team).first().is_ready
        return peak

    assert most(20) < 1.2 * most(5) + 400_000


def test_another_team_and_members_get_none_of_it(coach: Client, team: Team, outsider_client: Client) -> None:
    coach.post("/people/export/start/")
    tasks.export_next()
    address = f"/people/export/{Export.objects.get().pk}/"
    member = Client()
    member.force_login(User.objects.get(username=f"{SECRET}-member"))
    assert [client.get(address).status_code for client in (coach, member, outsider_client)] == [200, 403, 404]


def test_two_clicks_make_one_export(coach: Client, team: Team, django_capture_on_commit_callbacks) -> None:
    coach.post("/people/export/start/")
    coach.post("/people/export/start/")
    assert exports.of_team(team).count() == 1
    tasks.export_next()
    with django_capture_on_commit_callbacks(execute=True):
        coach.post("/people/export/start/")  # the old file goes, for the new one has all that it had
    assert [export.state for export in exports.of_team(team)] == [Export.State.RUNNING]


def test_the_format_of_pictures_can_be_imported_again() -> None:
    assert contents._FORMAT in FORMATS
