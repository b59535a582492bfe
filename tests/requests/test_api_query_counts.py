"""Lists of the API ask the database no more often for twenty rows than for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from ftcml.accounts.models import ApiToken, Team, User
from ftcml.core import clock
from ftcml.integrations.models import Webhook
from ftcml.integrations.services import happenings, signing
from tests.factories import BoxFactory, DatasetFactory, MembershipFactory, TrainingJobFactory, VideoFactory
from training.states import JobState
from videos.models import Track, TrackedObject, Tracking

pytestmark = pytest.mark.django_db


def test_the_lists_of_the_api(coach_api: APIClient, coach: User, team: Team) -> None:
    video = BoxFactory(frame__video__team=team).frame.video
    told = {"team": team, "url": "https://example.org/", "events": ["job.ended"]}
    hook = Webhook.objects.create(**told, secret_seed=signing.new_seed())
    addresses = [
        "/api/v1/tokens/", "/api/v1/people/", "/api/v1/webhooks/", f"/api/v1/webhooks/{hook.pk}/deliveries/",
        "/api/v1/trash/", f"/api/v1/videos/{video.pk}/trackings/", f"/api/v1/videos/{video.pk}/frames/",
    ]  # fmt: skip

    def more() -> None:
        ApiToken.issue(coach.memberships.get())
        MembershipFactory(team=team)
        Webhook.objects.create(**told, secret_seed="x")
        happenings.test(hook)
        for factory in (VideoFactory, DatasetFactory):
            factory(team=team, trashed_at=clock.now())
        TrainingJobFactory(team=team, state=JobState.SUCCEEDED, trashed_at=clock.now())
        run = Tracking.objects.create(team=team, video=video, person=coach, tracker="automatic", frame_number=0)
        TrackedObject.objects.create(tracking=run, track=Track.objects.create(video=video), first=0, at=0)
        BoxFactory(frame__video=video, frame__number=100 + Tracking.objects.count(), label__team=team)

    def queries() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert coach_api.get(address).status_code == 200
            counts.append(len(asked))
        return counts

    more()
    queries()
    few = queries()
    for _ in range(5):
        more()
    assert (queries(), max(few)) == (few, max(few))
    assert max(few) <= 9
