"""Numbers for people are written one way on every page: 4,100, never 4100."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from bench.pages.made_job import make_job
from datasets.inspection import inspecting
from datasets.models import Dataset
from ftcml.accounts.models import Team
from tests import lineages
from tests.factories import MembershipFactory, TrainingJobFactory
from training.models import TrainingJob
from training.states import JobState

LARGE = 41_234
# What has four digits and is no number of things: years, the team's number, and what nobody reads.
UNSEEN = re.compile(r"<(script|style|template|pre|time|textarea)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)
UNGROUPED = re.compile(r"(?<![\w.,#-])\d{4,}(?![\w.])")


@pytest.fixture
def job(team: Team) -> TrainingJob:
    """A model with large numbers wherever a page shows one, its child, and one that runs."""
    job = make_job(team, steps=2000, frames=2, labels=("cone",))
    TrainingJob.objects.filter(pk=job.pk).update(description="made")
    dataset = job.datasets.get()
    counts = {
        split: {**part, "frames": LARGE, "negative_frames": LARGE, "label_counts": {"cone": LARGE}}
        for split, part in dataset.counts.items()
    }
    Dataset.objects.filter(pk=dataset.pk).update(counts=counts)
    dataset.refresh_from_db()
    inspecting.inspect(dataset)
    TrainingJobFactory(team=team, dataset=dataset, state=JobState.QUEUED, steps_requested=9000)
    running = {"state": JobState.RUNNING, "steps_requested": 9000, "steps_completed": 3000, "live_step": 3456}
    TrainingJobFactory(team=team, dataset=dataset, **running)
    lineages.trained(1500, team=team, dataset=dataset, parent=job, first_step=2000)
    importing = {"state": Dataset.State.PRODUCING, "frames_done": 1234, "frames_total": 5678}
    Dataset.objects.create(team=team, description="coming", labels=[], counts={}, **importing)
    return job


def _addresses(job: TrainingJob) -> list[str]:
    dataset, running = job.datasets.get(), TrainingJob.objects.get(state=JobState.RUNNING)
    of_job = ("job-details", "job-graphs", "job-results", "job-images")
    return [
        reverse("datasets"),
        reverse("dataset", args=[dataset.pk]),
        f"{reverse('start-training')}?dataset={dataset.pk}",
        reverse("models"),
        *(reverse(name, args=[each.pk]) for name in of_job for each in (job, running)),
        reverse("model-train-more", args=[job.pk]),
        *(f"/console/{page}" for page in ("", "jobs/", "workers/", "minutes/")),
        reverse("console-job", args=[running.pk]),
    ]


def test_every_page_writes_its_numbers_with_commas(job: TrainingJob, team: Team, client: Client) -> None:
    client.force_login(MembershipFactory(team=team, user__is_staff=True).user)
    ungrouped = {}
    for address in _addresses(job):
        page = client.get(address, follow=True).content.decode()
        body = page[page.find("<body") :]
        text = UNSEEN.sub(" ", body).replace(str(team.number), "")
        if found := {match.group() for match in UNGROUPED.finditer(text)}:
            ungrouped[address] = found
    assert ungrouped == {}, ungrouped
