"""Turns between teams that share a worker: the team that took least of its time within a day comes first."""

from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

RECENT = timedelta(days=1)


def taken(recent: QuerySet[Any], seconds: str) -> Coalesce:
    """The seconds that a row's team took, to order rows by: the sum of that field over the rows of `recent`."""
    of_team = recent.filter(team=OuterRef("team")).order_by().values("team").annotate(taken=Sum(seconds))
    return Coalesce(Subquery(of_team.values("taken")), 0)
