"""What operators read in the console, beside its templates and forms."""

NO_SUCH_MODEL = "That model doesn't exist."
NO_SUCH_TEAM = "That team doesn't exist."
NO_SUCH_WORKER = "That worker isn't on the list anymore. Reload the page."

# --- switches -------------------------------------------------------------------------------------

# The message of the first maintenance, until an operator types another.
UPDATING = "We're updating this server. Your work is safe. Check back in a while."
NO_MESSAGE = "Type a message that tells the teams what is going on."


def too_long(most: int, typed: int) -> str:
    return f"Shorten this to {most} characters. It has {typed}."


# --- privacy --------------------------------------------------------------------------------------

NO_SUCH_PERSON = "No account has exactly that user name. Check it, including capital letters."
NOT_YOURSELF = "You can't erase your own account. Ask another operator."
NO_SEASON_NAME = "Type a name for the season, such as 2026-27."
SEASON_EXISTS = "There is already a season of that name. Choose another."
NO_MAINTENANCE = "Turn the maintenance page on first, so that nothing changes meanwhile."


def type_exactly(wanted: str) -> str:
    return f"Type {wanted} exactly as it is here."


def team_row(number: int) -> str:
    """Return what the audit log calls a team that is erased."""
    return f"team in row {number}"


def person_row(number: int) -> str:
    """Return what the audit log calls a person that is erased."""
    return f"person in row {number}"


def counted(rows: int) -> str:
    return f"{rows:,} rows"


def season_teams(teams: int) -> str:
    """Return what the audit log keeps of an archived season."""
    return _teams(teams)


# --- minutes --------------------------------------------------------------------------------------

ALL_TEAMS = "all teams"


def each_team(teams: int) -> str:
    return f"each of {teams:,} teams"


def bad_minutes(most: int) -> str:
    return f"Grant from 1 to {most:,} minutes at a time."


def granted(minutes: int, teams: int) -> str:
    """Return what the audit log keeps of a grant."""
    return f"{minutes:,} minutes each, {_teams(teams)}"


def reset(minutes: int, teams: int, seconds: int) -> str:
    """Return what the audit log keeps of a reset. `seconds`: by how much all balances changed together."""
    return f"to {minutes:,} minutes each, {_teams(teams)}, {seconds / 60:+,.1f} minutes in sum"


def _teams(count: int) -> str:
    return "1 team" if count == 1 else f"{count:,} teams"


# --- what teams may store -------------------------------------------------------------------------


def limits(gigabytes: int | None, videos: int | None) -> str:
    """Return what the audit log keeps of new limits; None stands for the server's own."""
    own = "the server's limit"
    storage = own if gigabytes is None else f"{gigabytes:,} GB"
    return f"storage: {storage}, videos: {own if videos is None else f'{videos:,}'}"


# --- teams ----------------------------------------------------------------------------------------


def team_exists(program: str, number: int) -> str:
    return f"{program} {number} already exists. Add people to it on the admin pages."
