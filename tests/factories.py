"""Test data, each object with the fewest words."""

import factory
from factory.django import DjangoModelFactory

from datasets.models import Dataset
from datasets.split import Split
from detector.contract import catalog
from ftcml.accounts.models import Membership, Team, User
from training.models import Checkpoint, JobDataset, ModelFile, TrainingJob
from training.states import JobState
from videos.models import Box, Frame, Label, Video

PASSWORD = "correct horse battery"


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    number = factory.Sequence(lambda n: 9000 + n)
    name = factory.Sequence(lambda n: f"Team name {n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    role = Membership.Role.MEMBER


def counts(training: int = 100, evaluation: int = 25, labels: tuple[str, ...] = ("raccoon",)) -> dict:
    def one(frames: int) -> dict:
        return {"frames": frames, "negative_frames": 0, "label_counts": dict.fromkeys(labels, frames)}

    return {Split.TRAINING.value: one(training), Split.EVALUATION.value: one(evaluation)}


class DatasetFactory(DjangoModelFactory):
    """A READY dataset as its row alone: no shards, no files."""

    class Meta:
        model = Dataset

    team = factory.SubFactory(TeamFactory)
    description = factory.Sequence(lambda n: f"dataset {n}")
    state = Dataset.State.READY
    labels = ["raccoon"]
    counts = factory.LazyAttribute(lambda dataset: counts(labels=tuple(dataset.labels)))


class VideoFactory(DjangoModelFactory):
    """A READY video as its row alone: no frames, no files."""

    class Meta:
        model = Video

    team = factory.SubFactory(TeamFactory)
    description = factory.Sequence(lambda n: f"video {n}")
    filename = factory.Sequence(lambda n: f"video{n}.mp4")
    state = Video.State.READY
    width, height = 640, 360
    seconds, frames_per_second = 10, 30


class VideoFrameFactory(DjangoModelFactory):
    """A frame as its row alone; its picture isn't stored."""

    class Meta:
        model = Frame

    video = factory.SubFactory(VideoFactory)
    number = factory.Sequence(lambda n: n)
    width, height = 640, 360
    picture_name = factory.LazyAttribute(lambda frame: frame.video.picture_name(frame.number))


class LabelFactory(DjangoModelFactory):
    class Meta:
        model = Label

    team = factory.SubFactory(TeamFactory)
    name = factory.Sequence(lambda n: f"label {n}")


class BoxFactory(DjangoModelFactory):
    """A drawn box near the top left of a frame."""

    class Meta:
        model = Box

    frame = factory.SubFactory(VideoFrameFactory)
    label = factory.SubFactory(LabelFactory, team=factory.SelfAttribute("..frame.video.team"))
    xmin, ymin, xmax, ymax = 10, 20, 110, 80


class TrainingJobFactory(DjangoModelFactory):
    """A job as its row alone, with one dataset."""

    class Meta:
        model = TrainingJob
        skip_postgeneration_save = True

    team = factory.SubFactory(TeamFactory)
    description = factory.Sequence(lambda n: f"model {n}")
    starting_model = catalog.DEFAULT
    labels = ["raccoon"]
    steps_requested = 400
    max_seconds = 3600
    state = JobState.QUEUED

    @factory.post_generation
    def dataset(job, create, extracted, **kwargs):
        if create:
            dataset = extracted or DatasetFactory(team=job.team, labels=job.labels)
            JobDataset.objects.create(job=job, dataset=dataset)


def add_best(job: TrainingJob, step: int, mean_precision: float | None = None) -> Checkpoint:
    """The checkpoint of that step is the best one, with that mAP; it is made where there is none."""
    numbers = {"mean_precision": mean_precision}
    checkpoint, _ = job.checkpoints.update_or_create(
        step=step, defaults=numbers, create_defaults={"lease_number": 1, **numbers}
    )
    job.best_checkpoint = checkpoint
    job.save(update_fields=["best_checkpoint"])
    return checkpoint


def add_model(job: TrainingJob, variant: str = "float32", name: str = "", default: bool = True, **numbers) -> ModelFile:
    """A model file as its row alone, which is downloaded by default."""
    name = name or f"{job.prefix}/{variant}.tflite"
    file = ModelFile.objects.create(
        job=job, variant=variant, name=name, **{"size": 1, "step": job.steps_completed, **numbers}
    )
    if default:
        job.default_file = file
        job.save(update_fields=["default_file"])
    return file
