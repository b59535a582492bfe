"""Two people who do the same thing at the same moment: one is first, and the other is told so."""

import uuid
from functools import partial

import pytest
from django.test import Client
from rest_framework.test import APIClient

from detector.contract import catalog
from ftcml.accounts.models import Membership, Team, User
from ftcml.accounts.services.membership import adding, members
from ftcml.accounts.services.membership.adding import Added
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.installation import identity, removals
from ftcml.installation.models import Removal
from tests.factories import DatasetFactory, MembershipFactory, TrainingJobFactory
from tests.processes import at_once
from training.models import TrainingJob
from training.services import jobs
from training.states import JobState

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_two_coaches_who_add_one_name_never_share_an_account(team: Team, coach: User, outsider: User) -> None:
    other = outsider.memberships.get().team

    answers = at_once(partial(adding.add, team, ["nora"], coach), partial(adding.add, other, ["nora"], outsider))
    refused = [answer for answer in answers if isinstance(answer, PersonRefused)]
    added = [answer for answer in answers if isinstance(answer, Added)]
    assert len(added) + len(refused) == 2, answers
    assert User.objects.filter(username__startswith="nora").count() == len(added) >= 1
    assert User.objects.get(username="nora").memberships.count() == 1


def test_of_two_coaches_who_step_down_one_stays(team: Team, coach: User) -> None:
    MembershipFactory(team=team, role=Membership.Role.COACH)
    answers = at_once(*(partial(members.change_role, one, "member") for one in team.memberships.all()))
    assert [type(answer) for answer in answers].count(PersonRefused) == 1, answers
    assert team.memberships.filter(role=Membership.Role.COACH).count() == 1


def test_a_person_whom_another_coach_has_just_removed_is_changed_no_more(team: Team, coach: User) -> None:
    seen_by_one = MembershipFactory(team=team, user__username="nora")
    members.remove(team.memberships.get(pk=seen_by_one.pk))
    late = (
        partial(members.give_new_password, maker=coach),
        members.remove,
        partial(members.change_role, role="coach"),
    )
    for change in late:
        with pytest.raises(PersonRefused, match="just now"):
            change(seen_by_one)


def test_who_has_just_become_the_only_coach_is_not_removed(team: Team, coach: User, member: User) -> None:
    shown = team.memberships.get(user=member)
    members.change_role(team.memberships.get(user=member), Membership.Role.COACH)
    members.change_role(team.memberships.get(user=coach), Membership.Role.MEMBER)
    with pytest.raises(PersonRefused, match="is a coach"):
        members.remove(shown)
    assert User.objects.filter(pk=member.pk).exists()


def test_what_another_deletes_between_two_reads_of_a_request_is_not_found(
    member_client: Client, member_api: APIClient, team: Team, monkeypatch
) -> None:
    retry = jobs.retry

    def retry_too_late(job: TrainingJob, by: User) -> TrainingJob:
        TrainingJob.objects.filter(pk=job.pk).delete()
        return retry(job, by)

    monkeypatch.setattr(jobs, "retry", retry_too_late)
    one, other = (TrainingJobFactory(team=team, state=JobState.TRY_AGAIN_LATER) for _ in range(2))
    page = member_client.post(f"/models/{one.pk}/retry/", headers={"HX-Request": "true"})
    assert (page.status_code, "may have been deleted" in page.content.decode()) == (404, True)
    answer = member_api.post(f"/api/v1/training-jobs/{other.pk}/retry/")
    assert (answer.status_code, "may have just deleted it" in answer.json()["detail"]) == (404, True)


def test_of_several_to_stop_one_that_another_has_just_deleted_holds_up_none(
    member_client: Client, team: Team, monkeypatch
) -> None:
    stop = jobs.request_stop
    gone, left = (TrainingJobFactory(team=team, state=JobState.QUEUED) for _ in range(2))

    def stop_too_late(job: TrainingJob, by: User) -> TrainingJob:
        TrainingJob.objects.filter(pk=gone.pk).delete()
        return stop(job, by)

    monkeypatch.setattr(jobs, "request_stop", stop_too_late)
    assert member_client.post("/models/stop/", {"job": [gone.pk, left.pk]}).status_code == 204
    left.refresh_from_db()
    assert left.state == JobState.CANCELED


def test_of_two_messages_about_what_was_deleted_one_keeps_a_worker(team: Team) -> None:
    """Each deletion sends one."""
    identity.check()
    for number in range(4):
        Removal.objects.create(name=f"teams/{team.pk}/jobs/{number}")
    claims = at_once(removals._claim, removals._claim)
    assert sorted(claim is None for claim in claims) == [False, True]


@pytest.mark.usefixtures("training_worker")
def test_a_form_with_the_id_of_another_teams_job_starts_a_job_like_any_other(member_client: Client, team: Team) -> None:
    """An id that is taken and one that is free lead to the same answer, so that none tells which jobs there are."""
    theirs, dataset = TrainingJobFactory(), DatasetFactory(team=team)
    for job_id in (theirs.pk, uuid.uuid4()):
        form = {
            "dataset": str(dataset.pk), "starting_model": catalog.DEFAULT, "training_steps": 400, "max_minutes": 60,
            "description": "a robot", "job_id": str(job_id),
        }  # fmt: skip
        answer = member_client.post("/start-training/", form)
        assert answer.status_code == 204
        started = TrainingJob.objects.for_team(team).latest("created")
        assert answer["HX-Redirect"] == f"/models/#job-{started.pk}"
        assert str(job_id) not in answer["HX-Redirect"]
    assert TrainingJob.objects.for_team(team).count() == 2
    theirs.refresh_from_db()
    assert theirs.team_id != team.pk
