"""After erasing, no row and no file has the person's name or the team's data; what others need stays without a name."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from ftcml.accounts.models import LedgerEntry, Membership, Team, User
from ftcml.accounts.services import api_tokens
from ftcml.audit.models import AccessEntry
from ftcml.console.models import OperatorAction
from ftcml.core import clock
from ftcml.installation import identity, removals
from ftcml.privacy import tasks
from ftcml.privacy.models import Erasure
from ftcml.privacy.services.erasing import erasures, person, plan
from tests.factories import BoxFactory, MembershipFactory, TrainingJobFactory, VideoFactory
from tests.one_of_everything import SECRET, make_team
from training.models import JobEvent, TrainingJob
from training.reasons import Code
from training.services import jobs
from training.states import JobState
from videos.models import Box, Comment, Presence, Video

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NAME = "quentin.q"


def cells() -> Iterator[tuple[str, str]]:
    """Every table, and each row of it as one text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield table, repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row])


def tables_with(word: str) -> set[str]:
    return {table for table, row in cells() if word.lower() in row.lower()}


def files_with(word: str) -> list[str]:
    """Every file, by its name or content, of the storage and of unfinished work and uploads."""
    roots = [settings.STORAGES["default"]["OPTIONS"]["location"], settings.WORK_DIR, settings.RECEIVING_DIR]
    files = [path for root in roots for path in Path(root).rglob("*") if path.is_file()]
    return [str(path) for path in files if word in str(path) or word.encode() in path.read_bytes()]


def work() -> None:
    """What the workers do: erase, and remove what was deleted, until nothing is due."""
    for _ in range(3):
        tasks.erase()
        removals.remove_deleted()


@pytest.fixture
def team() -> Team:
    team, _ = make_team()
    identity.check()
    return team


@pytest.fixture
def quentin(team: Team) -> User:
    """Of two teams, with something in every table that can name a person."""
    user = MembershipFactory(team=team, user__username=NAME, user__first_name="Quentin Quux").user
    MembershipFactory(user=user, role=Membership.Role.COACH)
    membership = user.memberships.get(team=team)
    api_tokens.make(membership, f"{NAME}'s laptop")
    video = Video.objects.filter(team=team).first()
    BoxFactory(frame__video=video, frame__number=77, label=team.labels.get(), person=user)
    Comment.objects.create(frame=video.frames.first(), person=user, text="Too wide")
    Presence.objects.create(video=video, person=user, frame_number=0)
    job = TrainingJobFactory(team=team, created_by=user, state=JobState.RUNNING)
    jobs.transition(jobs.request_stop(job, user), JobState.STOPPED, by="a worker")
    LedgerEntry.objects.create(team=team, kind="grant", seconds=60, balance_change=60, reason=f"granted by {NAME}")
    OperatorAction.objects.create(operator=NAME, kind="team-create", subject="FTC 1", details=f"coach {NAME}")
    kind = ContentType.objects.get_for_model(Membership)
    LogEntry.objects.create(user=user, content_type=kind, object_id="1", object_repr=f"{NAME} in Team 1", action_flag=1)
    LogEntry.objects.create(
        user=MembershipFactory().user, content_type=kind, object_id="1", object_repr=f"{NAME} in Team 1", action_flag=1
    )
    return user


def test_a_person_is_gone_and_the_teams_work_stays(quentin: User, team: Team) -> None:
    assert {"accounts_user", "training_jobevent", "console_operatoraction"} <= tables_with(NAME)
    erasures.ask_for_person(quentin)
    work()
    assert Erasure.objects.get().state == Erasure.State.DONE
    assert tables_with(NAME) == tables_with("Quentin Quux") == set()
    assert Box.objects.get(frame__number=77).person is None
    assert Comment.objects.get(text="Too wide").person is None
    event = JobEvent.objects.filter(reason_code=Code.STOP_WANTED).get()
    assert (event.by, event.reason_params) == (person.FORMER, {"by": person.FORMER})
    assert LedgerEntry.objects.get(kind="grant", seconds=60).reason == f"granted by {person.FORMER}"
    assert OperatorAction.objects.get(kind="team-create").details == f"coach {person.FORMER}"


def test_the_dry_run_says_what_goes_and_what_stays(quentin: User, team: Team) -> None:
    counted = plan.of_person(quentin)
    assert {"accounts.user", "accounts.membership", "accounts.apitoken", "videos.presence"} <= counted.goes.keys()
    assert {"videos.box", "videos.comment", "training.trainingjob"} <= counted.stays.keys()
    assert counted.goes["accounts.membership"] == 2
    assert len(counted.without_coach) == 1
    assert plan.of_team(team).goes["videos.video"] == Video.everything.filter(team=team).count()
    assert User.objects.filter(pk=quentin.pk).exists()


def test_a_name_within_another_name_stays() -> None:
    user, other = MembershipFactory(user__username="max").user, MembershipFactory(user__username="maximilian").user
    OperatorAction.objects.create(operator="maximilian", kind="grant", subject="FTC 1", details="coach maximilian")
    erasures.ask_for_person(user)
    work()
    assert OperatorAction.objects.get().details == "coach maximilian"
    assert User.objects.filter(pk=other.pk).exists()


def test_a_team_is_gone_with_all_that_it_has(team: Team) -> None:
    coach = MembershipFactory(team=team, user__username=f"{SECRET}-coach", role=Membership.Role.COACH).user
    both = MembershipFactory(team=team).user
    MembershipFactory(user=both, role=Membership.Role.COACH)
    client = Client()
    client.force_login(coach)
    client.post("/people/export/start/")
    OperatorAction.objects.create(operator="olga", kind="stop", subject=f"“{SECRET} model” of {team.full_number} (1)")
    other, before = VideoFactory(), User.objects.filter(pk=both.pk)
    assert files_with(SECRET)
    erasures.ask_for_team(team)
    work()
    assert Erasure.objects.get().state == Erasure.State.DONE
    # The name of the season is the server's.
    assert tables_with(SECRET) == {"privacy_season"}
    assert files_with(SECRET) == []
    assert files_with(f"teams/{team.pk}/") == []
    assert not Team.objects.filter(pk=team.pk).exists()
    assert before.exists()
    assert Video.objects.get() == other


def test_a_team_that_trains_goes_when_its_worker_has_let_go(team: Team) -> None:
    job = TrainingJobFactory(
        team=team, state=JobState.RUNNING, lease_owner="w", lease_until=clock.now() + timedelta(hours=1)
    )
    erasures.ask_for_team(team)
    work()
    assert Erasure.objects.get().state == Erasure.State.RUNNING
    assert TrainingJob.objects.get(pk=job.pk).state == JobState.STOP_REQUESTED
    jobs.transition(TrainingJob.objects.get(pk=job.pk), JobState.STOPPING, by="w")
    jobs.transition(TrainingJob.objects.get(pk=job.pk), JobState.STOPPED, by="w")
    work()
    assert Erasure.objects.get().state == Erasure.State.DONE


def test_a_worker_that_is_killed_again_and_again_is_followed_by_another(quentin: User, team: Team, monkeypatch) -> None:
    class Killed(BaseException):
        pass

    erasures.ask_for_team(team)
    kills = 0
    while Erasure.objects.get().state == Erasure.State.RUNNING and kills < 100:
        left = iter(range(kills))  # a little later each time

        def beat(self: object) -> None:
            if next(left, None) is None:  # noqa: B023 (called in this turn alone)
                raise Killed

        monkeypatch.setattr(erasures.Heartbeat, "__call__", beat)
        with suppress(Killed):
            kills += 1
            tasks.erase()
        Erasure.objects.update(lease_until=clock.now() - timedelta(seconds=1))
        removals.remove_deleted()
    assert kills > 10
    assert Erasure.objects.get().state == Erasure.State.DONE
    assert tables_with(SECRET) == {"privacy_season"}
    assert files_with(SECRET) == []
    assert User.objects.filter(pk=quentin.pk).exists()  # on another team too


def test_the_command_counts_first(quentin: User, team: Team) -> None:
    said = StringIO()
    call_command("erase", person=NAME, stdout=said)
    assert "Nothing is erased yet" in said.getvalue()
    with pytest.raises(CommandError, match="exactly"):
        call_command("erase", team=team.full_number, yes="FTC 1", stdout=said)
    assert not Erasure.objects.exists()
    call_command("erase", person=NAME, yes=NAME, stdout=said)
    work()
    assert tables_with(NAME) == set()


def test_an_operator_types_what_goes(operator_client: Client, quentin: User, team: Team) -> None:
    address = "/console/privacy/erase-person/"
    counted = operator_client.post(address, {"name": NAME})
    assert (counted.status_code, "This stays for others" in counted.content.decode()) == (200, True)
    assert operator_client.post(address, {"name": NAME, "again": "quentin"}).status_code == 422
    assert operator_client.post(address, {"name": "olga", "again": "olga"}).status_code == 422
    assert not Erasure.objects.exists()
    assert operator_client.post(address, {"name": NAME, "again": NAME}).status_code == 204
    address = f"/console/privacy/erase-team/{team.pk}/"
    assert "goes for good" in operator_client.get(address).content.decode()
    assert operator_client.post(address, {"again": "9"}).status_code == 422
    assert operator_client.post(address, {"again": team.full_number}).status_code == 204
    work()
    assert tables_with(NAME) == set()
    said = [(action.kind, action.subject) for action in OperatorAction.objects.filter(kind__startswith="erase")]
    assert said == [("erase-team", f"team in row {team.pk}"), ("erase-person", f"person in row {quentin.pk}")]


def test_the_access_log_keeps_what_was_done_without_names(quentin: User, team: Team) -> None:
    erasures.ask_for_person(quentin)
    work()
    entry = AccessEntry.objects.get(kind=AccessEntry.Kind.TOKEN_MADE)
    assert (entry.person, entry.subject, entry.team) == (None, "", team)
