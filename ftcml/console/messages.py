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


# --- teams ----------------------------------------------------------------------------------------


def team_exists(program: str, number: int) -> str:
    return f"{program} {number} already exists. Add people to it on the admin pages."
