"""A coach's program looks after the people of the team."""

import pytest
from rest_framework.test import APIClient

from ftcml.accounts.models import Membership, Team, User
from tests.factories import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_often_as_one_likes")]


def test_people_are_added_promoted_and_removed(coach_api: APIClient, coach: User, team: Team) -> None:
    added = coach_api.post("/api/v1/people/", {"names": ["Mia Brown", "noah"]}, format="json").json()
    assert [one["username"] for one in added["new"]] == ["mia.brown", "noah"]
    body = {"username": "noah", "password": added["new"][1]["password"]}
    assert APIClient().post("/api/v1/token/", body, format="json").status_code == 200

    people = {one["username"]: one for one in coach_api.get("/api/v1/people/").json()}
    assert (people["mia.brown"]["name"], people["mia.brown"]["role"]) == ("Mia Brown", "member")
    address = f"/api/v1/people/{people['noah']['id']}/"
    assert coach_api.patch(address, {"role": "coach"}, format="json").json()["role"] == "coach"
    assert "is a coach" in coach_api.delete(address).json()["detail"]
    coach_api.patch(address, {"role": "member"}, format="json")
    assert coach_api.delete(address).status_code == 204
    assert not User.objects.filter(username="noah").exists()
    own = f"/api/v1/people/{coach.memberships.get().pk}/"
    assert coach_api.patch(own, {"role": "member"}, format="json").status_code == 409


def test_a_new_password_works_and_the_old_one_does_not(coach_api: APIClient, member: User) -> None:
    given = coach_api.post(f"/api/v1/people/{member.memberships.get().pk}/password/").json()
    signed_in = APIClient().post("/api/v1/token/", given, format="json")
    assert (signed_in.status_code, given["username"]) == (200, "milo")
    elsewhere = MembershipFactory(user=member)
    refused = coach_api.post(f"/api/v1/people/{member.memberships.exclude(pk=elsewhere.pk).get().pk}/password/")
    assert (refused.status_code, "another team" in refused.json()["detail"]) == (409, True)


def test_the_team_says_who_uploads_and_only_coaches_change_it(
    coach_api: APIClient, member_api: APIClient, team: Team
) -> None:
    change = {"members_upload": False}
    assert member_api.patch("/api/v1/team/", change, format="json").status_code == 403
    answer = coach_api.patch("/api/v1/team/", change, format="json").json()
    assert (answer["members_upload"], answer["role"], answer["program"]) == (False, Membership.Role.COACH, "FTC")
    assert member_api.get("/api/v1/team/").json()["role"] == "member"


def test_another_team_is_not_there(outsider_api: APIClient, member: User) -> None:
    address = f"/api/v1/people/{member.memberships.get().pk}/"
    assert outsider_api.patch(address, {"role": "coach"}, format="json").status_code == 404
    assert outsider_api.delete(address).status_code == 404
    assert [one["username"] for one in outsider_api.get("/api/v1/people/").json()] == ["oscar"]
