"""The way to run a model that a team used last: its Robot code page opens there."""

from ftcml.accounts.models import Team
from training.delivery import robot_code
from training.delivery.robot_code import Way
from training.models import LastRobotCode

# For a team that has used none yet: most robots with a camera of their own have this one.
FIRST = "limelight"


def of(team: Team) -> Way:
    """Return the way that the team used last, else the first one to offer."""
    last = LastRobotCode.objects.filter(team=team).values_list("way", flat=True).first()
    known = {way.key: way for way in robot_code.WAYS}
    return known.get(last or "") or known[FIRST]


def remember(team: Team, way: Way) -> None:
    """Note that the team has used it; nothing is written where that is known."""
    if not LastRobotCode.objects.filter(team=team, way=way.key).exists():
        LastRobotCode.objects.update_or_create(team=team, defaults={"way": way.key})
