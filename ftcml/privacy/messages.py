"""What people read about exports, erasing and seasons, beside the templates."""

from django.utils.html import strip_tags

from ftcml.accounts.models import Team, User
from ftcml.privacy.reasons import Code

NOT_NOW = "Not yet"
NO_SUCH_EXPORT = "That export was removed. Exports stay for a day. Make a new one."
EXPORT_LOST = "The file of this export is missing. Make a new one."
_FAILED = {
    Code.DISK_FULL: "The server's disk is nearly full. Ask the operator to make room, then try again.",
    Code.GAVE_UP: "Making the export failed 3 times. Try again, or ask the operator to look at the log.",
}


def why_failed(code: str) -> str:
    """Return why an export has failed."""
    return _FAILED.get(Code(code), "") if code else ""


def team_readme(team: Team) -> str:
    return f"""Everything that ftcml has of {strip_tags(team.full_number)}.

datasets/   each READY dataset as a zip file with pictures and boxes in COCO format. You can import it again.
videos/     the frames of each video with their boxes, in the same format.
models/     each model's files, checkpoints and metrics.
data/       the rows of the database, a line of JSON each. people.jsonl has the names of the team's people.

Things in the trash are here too. Passwords, keys of programs and files that were lost are not.
"""


def person_readme(person: User) -> str:
    return f"""The rows of ftcml that name {person.username}: a file for each table, a line of JSON for each row.

Pictures and models belong to teams, so a coach exports them. Passwords and keys of programs are never exported.
"""
