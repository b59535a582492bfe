"""The way to run a model that a team used last: its Robot code page opens there."""

from ftcml.accounts.models import Team
from training.delivery import robot_code
from training.delivery.robot_code import Way
from training.models import LastRobotCode


def of(team: Team) -> Way:
    """Return the way that the team used last, else the first one to offer."""
    last = LastRobotCode.objects.filter(team=team).values_list("way", flat=True).first()
    return next((way for way in robot_code.WAYS if way.key == last), robot_code.WAYS[0])


def remember(team: Team, way: Way) -> None:
    """Note that the team has used it; nothing is written where that is known."""
    if not LastRobotCode.objects.filter(team=team, way=way.key).exists():
        LastRobotCode.objects.update_or_create(team=team, defaults={"way": way.key})
