"""Two people who do the same thing at the same moment: one is first, and the other is told so."""

import uuid
from functools import partial

import pytest
from django.test import Client

from ftcml.accounts import members
from ftcml.accounts.models import Team, User
from ftcml.accounts.people import PersonRefused
from tests.factories import DatasetFactory, MembershipFactory, TrainingJobFactory
from tests.processes import at_once
from training.detector import catalog
from training.models import TrainingJob

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_of_two_coaches_who_add_one_name_one_is_told_that_it_is_there(team: Team, outsider: User) -> None:
    other = outsider.memberships.get().team

    answers = at_once(partial(members.add, team, ["nora"]), partial(members.add, other, ["nora"]))
    refused = [answer for answer in answers if isinstance(answer, PersonRefused)]
    added = [answer for answer in answers if isinstance(answer, list)]
    assert (len(added), len(refused)) == (1, 1), answers
    assert User.objects.filter(username="nora").count() == 1
    assert User.objects.get(username="nora").memberships.count() == 1


def test_a_person_whom_another_coach_has_just_removed_gets_no_password(team: Team) -> None:
    seen_by_one = MembershipFactory(team=team, user__username="nora")
    members.remove(team.memberships.get(pk=seen_by_one.pk))
    for late in (members.give_new_password, members.remove):
        with pytest.raises(PersonRefused, match="just now"):
            late(seen_by_one)


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
