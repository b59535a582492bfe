"""What a view knows of who asks. Types alone: Django makes the requests, and sets `user` and `team` on them."""

from django.http import HttpRequest

from ftcml.accounts.models import Team, User


class SiteRequest(HttpRequest):
    """Any request behind ActiveTeamMiddleware: `team` is None for a person without one, and for who isn't signed in."""

    team: Team | None


class PersonRequest(SiteRequest):
    """The request of a person who is signed in, as behind `login_required` and `operator_required`."""

    user: User


class TeamRequest(PersonRequest):
    """The request of a person who is in a team, as behind `team_required`."""

    team: Team
