"""A team that has one of everything that an address can name, each with its files and with a word that no other has."""

import io
import uuid
from datetime import timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from PIL import Image

from bench.pages.made_job import make_job
from datasets.models import Dataset, Shard
from datasets.split import Split
from ftcml.accounts.models import ApiToken, JoinKey, Team
from ftcml.accounts.services.membership import keys
from ftcml.core import clock
from ftcml.core.files import storage
from ftcml.integrations.models import Webhook
from ftcml.integrations.services import happenings, signing
from ftcml.privacy.models import Export, Season
from tests.factories import (
    BoxFactory,
    DatasetFactory,
    LabelFactory,
    MembershipFactory,
    TeamFactory,
    TrainingJobFactory,
    VideoFactory,
    VideoFrameFactory,
    add_model,
)
from training.models import Detection, FrameDetections, LabelFinding, ModelRun, TrainerLog, TrainingJob, TrainingWorker
from training.states import JobState
from videos.models import (
    Activity,
    Assignment,
    Comment,
    PhoneTicket,
    Track,
    TrackedObject,
    Tracking,
    Upload,
    Video,
)
from videos.services.receiving import phone_tickets, received_file

# In every name, description, label and file of the team: whoever must not see the team must never see it.
SECRET = "quokka"
STEP = 100
# Of no team.
WORKER = "training@attic"


def make_team() -> tuple[Team, TrainingJob]:
    """The team, with a member and a trained model on a dataset: `job.datasets.get()`."""
    team = TeamFactory(name=f"{SECRET} team")
    ApiToken.issue(MembershipFactory(team=team, user__username=f"{SECRET}-member"), name=f"{SECRET} script")
    job = make_job(team, steps=STEP, frames=2, labels=(f"{SECRET} label",))
    TrainingJob.objects.filter(pk=job.pk).update(
        description=f"{SECRET} model", reason_code="other", reason_params={"text": f"{SECRET} reason"}
    )
    _add_files(job)
    TrainerLog.objects.create(job=job, tail=f"{SECRET} log")
    dataset = job.datasets.get()
    Dataset.objects.filter(pk=dataset.pk).update(description=f"{SECRET} set")
    dataset.frames.filter(number=0).update(filename=f"{SECRET}.jpg")
    _add_shard(dataset)
    keys.make_invitation(team, MembershipFactory(team=team, role="coach").user)
    _add_trash(team, dataset)
    _add_webhook(team)
    _add_video(team)
    _add_run(job)
    _add_upload(team)
    _add_export(team)
    TrainingWorker.objects.create(name=WORKER, last_seen=clock.now() - timedelta(days=1))
    job.refresh_from_db()
    return team, job


def _add_files(job: TrainingJob) -> None:
    name = f"{job.prefix}/float32.tflite"
    storage.put(name, ContentFile(f"{SECRET} weights".encode()))
    add_model(job, name=name, step=STEP)


def _add_shard(dataset: Dataset) -> None:
    name = f"{dataset.prefix}/evaluation-00000-of-00001.record"
    Shard.objects.create(dataset=dataset, split=Split.EVALUATION, number=0, frames=2, name=name)
    for path in (Path(name), Path(dataset.label_map_name)):
        storage.put(str(path), ContentFile(f"{SECRET} content".encode()))


def _add_export(team: Team) -> None:
    """A team's and a person's export, and an archived season."""
    person = team.memberships.get(user__username=f"{SECRET}-member").user
    for whose in ({"team": team}, {"person": person}):
        export = Export.objects.create(state=Export.State.READY, ended=clock.now(), **whose)
        storage.put(export.stored_name, ContentFile(f"{SECRET} export".encode()))
    Season.objects.create(name=f"{SECRET} season", state=Season.State.DONE, ended=clock.now())


def _add_trash(team: Team, dataset: Dataset) -> None:
    gone = {"team": team, "description": f"{SECRET} trash", "trashed_at": clock.now()}
    DatasetFactory(**gone)
    VideoFactory(**gone)
    TrainingJobFactory(**gone, state=JobState.SUCCEEDED, dataset=dataset)


def _add_webhook(team: Team) -> None:
    """A webhook to which one message is on its way."""
    hook = Webhook.objects.create(
        team=team, url=f"https://{SECRET}.example/", events=["job.ended"], secret_seed=signing.new_seed()
    )
    happenings.test(hook)


def _add_upload(team: Team) -> None:
    """A video that a phone still uploads."""
    person = team.memberships.get(user__username=f"{SECRET}-member").user
    ticket, _ = phone_tickets.issue(team, person)
    arriving = Video.objects.create(
        team=team, description=f"{SECRET} film", filename=f"{SECRET}.mov", state=Video.State.UPLOADING
    )
    upload = Upload.objects.create(
        video=arriving, created_by=person, ticket=ticket, filename=f"{SECRET}.mov", size=1000, offset=0
    )
    received_file.make(upload.pk)


def _add_video(team: Team) -> None:
    """A video with two frames, one of them labeled."""
    person = team.memberships.get(user__username=f"{SECRET}-member").user
    video = VideoFactory(
        team=team, created_by=person, description=f"{SECRET} video", filename=f"{SECRET}.mp4", frames_done=2
    )
    label = LabelFactory(team=team, name=f"{SECRET} ear")
    for number in range(2):
        frame = VideoFrameFactory(video=video, number=number, seconds=number, filename=f"{SECRET}.png", finished=True)
        storage.put(frame.picture_name, ContentFile(jpeg(SECRET)))
    track = Track.objects.create(video=video)
    BoxFactory(frame=frame, label=label, track=track)
    run = Tracking.objects.create(
        team=team, video=video, person=person, tracker="automatic", frame_number=1, state=Tracking.State.ENDED
    )
    TrackedObject.objects.create(tracking=run, track=track, first=1, at=1, ending=TrackedObject.Ending.LAST_FRAME)
    Comment.objects.create(frame=frame, person=person, text=f"{SECRET} comment")
    Assignment.objects.create(video=video, person=person, first=0, last=1)
    Activity.objects.create(
        video=video, person=person, action=Activity.Action.RENAMED, params={"to": f"{SECRET} video"}
    )


def _add_run(job: TrainingJob) -> None:
    """A run of the model over the video, which found something in one frame."""
    video = Video.objects.get(team=job.team, state=Video.State.READY)
    run = ModelRun.objects.create(team=job.team, video=video, job=job, last=1, purpose=ModelRun.Purpose.AUDIT)
    frame = video.frames.get(number=1)
    found = Detection(f"{SECRET} ear", (10, 20, 110, 80), 0.9)
    FrameDetections.objects.create(job=job, frame=frame, boxes=[found.stored()])
    LabelFinding.objects.create(run=run, frame=frame, kind=LabelFinding.Kind.NOT_LABELED, label=found.label)


def jpeg(comment: str) -> bytes:
    """A small picture, with a word in its file."""
    stream = io.BytesIO()
    Image.new("RGB", (640, 360), "green").save(stream, "JPEG", comment=comment.encode())
    return stream.getvalue()


def names_of(job: TrainingJob) -> dict[str, object]:
    """What stands in the addresses of the team: the name of each part of an address, and its value."""
    dataset = job.datasets.get()
    return {
        "job_id": job.pk,
        "dataset_id": dataset.pk,
        "trashed_id": Dataset.kept.exclude(trashed_at=None).get(team=job.team).pk,
        "trashed_video_id": Video.kept.exclude(trashed_at=None).get(team=job.team).pk,
        "trashed_job_id": TrainingJob.everything.exclude(trashed_at=None).get(team=job.team).pk,
        "webhook_id": Webhook.objects.get(team=job.team).pk,
        "frame_id": dataset.frames.first().pk,
        "run_id": ModelRun.objects.get(team=job.team).pk,
        "ticket_id": PhoneTicket.objects.get(team=job.team).pk,
        **_names_of_videos(job.team),
        "team_id": job.team_id,
        "membership_id": job.team.memberships.get(user__username=f"{SECRET}-member").pk,
        "key_id": JoinKey.objects.get(team=job.team).pk,
        "token_id": ApiToken.objects.get(name=f"{SECRET} script").pk,
        "export_id": Export.objects.get(team=job.team).pk,
        "person_export_id": Export.objects.get(person__username=f"{SECRET}-member").pk,
        "season_id": Season.objects.get(name=f"{SECRET} season").pk,
        "worker_id": TrainingWorker.objects.get(name=WORKER).pk,
        "step": STEP,
        **_OF_NO_TEAM,
    }


def _names_of_videos(team: Team) -> dict[str, object]:
    return {
        "video_id": Video.objects.get(team=team, state=Video.State.READY).pk,
        "frame_number": 1,
        "label_id": team.labels.get().pk,
        "comment_id": Comment.objects.get(frame__video__team=team).pk,
        "assignment_id": Assignment.objects.get(video__team=team).pk,
        "upload_id": Upload.objects.get(video__team=team).pk,
        "tracking_id": Tracking.objects.get(team=team).pk,
    }


def names_of_nothing() -> dict[str, object]:
    """The same for things that nobody has."""
    return {
        "job_id": uuid.uuid4(),
        "export_id": uuid.uuid4(),
        "person_export_id": uuid.uuid4(),
        "season_id": 10**9,
        "dataset_id": uuid.uuid4(),
        "trashed_id": uuid.uuid4(),
        "trashed_video_id": uuid.uuid4(),
        "trashed_job_id": uuid.uuid4(),
        "webhook_id": 10**9,
        "frame_id": 10**9,
        "run_id": uuid.uuid4(),
        "ticket_id": 10**9,
        "video_id": uuid.uuid4(),
        "frame_number": 10**9,
        "label_id": 10**9,
        "comment_id": 10**9,
        "assignment_id": 10**9,
        "upload_id": uuid.uuid4(),
        "tracking_id": uuid.uuid4(),
        "team_id": 10**9,
        "membership_id": 10**9,
        "key_id": 10**9,
        "token_id": 10**9,
        "worker_id": 10**9,
        "step": STEP,
        **_OF_NO_TEAM,
    }


_OF_NO_TEAM = {"tab": "jobs", "page": "job-details", "way": "python", "name": "labels.txt"}
