"""The token's team by API v1, and its people."""

from typing import Any

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from ftcml.accounts.api.people_shapes import (
    AddedPeopleSerializer,
    GivenPeopleSerializer,
    GivenRoleSerializer,
    PasswordSerializer,
    PersonSerializer,
)
from ftcml.accounts.models import Membership, Team
from ftcml.accounts.services import ledger, scopes
from ftcml.accounts.services.access import TeamQuerySet, check_coach, get_for_team
from ftcml.accounts.services.membership import adding, members, slips
from ftcml.accounts.services.membership.people import PersonRefused
from ftcml.accounts.services.throttle import PeopleThrottle
from ftcml.core.requests.api_errors import Conflict, ErrorSerializer, Refused

_PERSON_ID = OpenApiParameter("membership_id", OpenApiTypes.INT, OpenApiParameter.PATH)
_OF_COACHES = {403: ErrorSerializer, 404: ErrorSerializer}


class TeamSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    program = serializers.ChoiceField(Team.Program.choices)
    name = serializers.CharField()
    role = serializers.ChoiceField(Membership.Role.choices, help_text="Yours on this team.")
    members_upload = serializers.BooleanField(help_text="Whether members upload videos, or coaches alone.")
    minutes_allowed = serializers.IntegerField()
    minutes_remaining = serializers.IntegerField(help_text="Whole training minutes that are neither used nor reserved.")


class TeamSettingsSerializer(serializers.Serializer):
    members_upload = serializers.BooleanField(help_text="Whether members upload videos, or coaches alone.")


class TeamView(APIView):
    scopes = scopes.ADMIN

    @extend_schema(operation_id="team_retrieve", responses=TeamSerializer)
    def get(self, request: Request) -> Response:
        """Return the token's team and its training minutes."""
        return Response(_described(request))

    @extend_schema(
        operation_id="team_update",
        request=TeamSettingsSerializer,
        responses={200: TeamSerializer, 400: ErrorSerializer, 403: ErrorSerializer},
    )
    def patch(self, request: Request) -> Response:
        """Say who uploads videos. Only coaches can."""
        check_coach(request)
        given = TeamSettingsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        members.let_members_upload(request.team, given.validated_data["members_upload"])
        request.team.refresh_from_db()
        return Response(_described(request))


class People(GenericAPIView):
    scopes = scopes.ADMIN
    serializer_class = PersonSerializer
    pagination_class = None  # all of them are answered at once, and described so

    def get_throttles(self) -> list[BaseThrottle]:
        return [PeopleThrottle()] if self.request.method == "POST" else []

    @extend_schema(operation_id="people_list", responses={200: PersonSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """Return everyone on the team, coaches first."""
        return Response(self.get_serializer([row.membership for row in members.rows(request.team)], many=True).data)

    @extend_schema(
        operation_id="people_add",
        request=GivenPeopleSerializer,
        responses={201: AddedPeopleSerializer, 400: ErrorSerializer, 403: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add people to the team, with accounts where they have none. Only coaches can.

        The passwords are in this answer, and for a day on the page People.
        """
        check_coach(request)
        given = GivenPeopleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            added = adding.add(request.team, given.validated_data["names"], request.user)
        except PersonRefused as refusal:
            raise Refused(str(refusal)) from None
        answer = {
            "new": [{"username": one.username, "password": slips.password_of(one.secret)} for one in added.new],
            "joined": [user.username for user in added.joined],
            "already": added.already,
        }
        return Response(answer, status=status.HTTP_201_CREATED)


@extend_schema(parameters=[_PERSON_ID])
class OnePerson(APIView):
    scopes = scopes.ADMIN

    @extend_schema(
        operation_id="people_update",
        request=GivenRoleSerializer,
        responses={200: PersonSerializer, 400: ErrorSerializer, **_OF_COACHES, 409: ErrorSerializer},
    )
    def patch(self, request: Request, membership_id: int) -> Response:
        """Make the person a coach or a member. 409 for the last coach, and for operators. Only coaches can."""
        membership = _member(request, membership_id)
        given = GivenRoleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            members.change_role(membership, given.validated_data["role"])
        except PersonRefused as refusal:
            raise Conflict(str(refusal)) from None
        return Response(PersonSerializer(membership).data)

    @extend_schema(operation_id="people_remove", responses={204: None, **_OF_COACHES, 409: ErrorSerializer})
    def delete(self, request: Request, membership_id: int) -> Response:
        """Remove the person from the team, and the account that is on no other. 409 for coaches. Only coaches can."""
        try:
            members.remove(_member(request, membership_id))
        except PersonRefused as refusal:
            raise Conflict(str(refusal)) from None
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(parameters=[_PERSON_ID])
class NewPassword(APIView):
    scopes = scopes.ADMIN
    throttle_classes = (PeopleThrottle,)

    @extend_schema(
        operation_id="people_new_password",
        request=None,
        responses={200: PasswordSerializer, **_OF_COACHES, 409: ErrorSerializer, 429: ErrorSerializer},
    )
    def post(self, request: Request, membership_id: int) -> Response:
        """Give the member a new password, which ends their sessions and tokens. Only coaches can."""
        membership = _member(request, membership_id)
        try:
            members.give_new_password(membership, request.user)
        except PersonRefused as refusal:
            raise Conflict(str(refusal)) from None
        made = slips.newest(request.user, membership)
        return Response({"username": membership.user.username, "password": made})


def _described(request: Request) -> dict[str, Any]:
    team, balance = request.team, ledger.balance_of(request.team)
    return {
        "number": team.number,
        "program": team.program,
        "name": team.name,
        "role": Membership.Role.COACH if team.is_coached_by(request.user) else Membership.Role.MEMBER,
        "members_upload": team.members_upload,
        "minutes_allowed": balance.seconds_allowed // 60,
        "minutes_remaining": balance.seconds_remaining // 60,
    }


def _member(request: Request, membership_id: int) -> Membership:
    """Return the person's membership of this team. Raises Http404, and PermissionDenied unless a coach asks."""
    rows: TeamQuerySet[Membership] = TeamQuerySet(Membership)
    membership = get_for_team(rows.select_related("user"), request.team, membership_id)
    check_coach(request)
    return membership


urlpatterns = [
    path("team/", TeamView.as_view(), name="api-team"),
    path("people/", People.as_view(), name="api-people"),
    path("people/<int:membership_id>/", OnePerson.as_view(), name="api-person"),
    path("people/<int:membership_id>/password/", NewPassword.as_view(), name="api-person-password"),
]
