"""What people read about people, teams, passwords and tokens. Templates have the rest."""

from collections.abc import Sequence

from django.conf import settings

from ftcml.accounts.reasons import Reason


def listed(names: Sequence[str]) -> str:
    """Return the names as a sentence has them: "mia, noah and zoe"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


# --- signing in -----------------------------------------------------------------------------------

WRONG_PASSWORD = "That user name and password don't match. Check both, including capital letters, or ask your coach."  # noqa: S105
CLOSED_ACCOUNT = "This account is closed while this server is shared. Ask your coach for another one."
PASSWORD_CHANGED = "Password changed. Sign in again in other browsers, and make new tokens for your programs."  # noqa: S105
NOT_ON_A_TEAM = "You aren't on a team yet. Ask your coach to add you."

WRONG_CODE = "That code isn't right, or it was used already. Type the one that your phone shows now."
NOT_YOUR_PASSWORD = "That isn't your password. Check it, including capital letters."  # noqa: S105
TWO_STEP_OFF = "Two-step sign-in is off."
TWO_STEP_TOKEN = "You sign in with a code, so a program can't sign in for you. Make a token on the page API tokens."  # noqa: S105

ANOTHER_PERSON = "This page belongs to another account. Choose Use Another Account, then sign in there."
OTHER_TEAM = "You aren't on that team."
NOT_YOURS = "Your team has no such item. It may have been deleted."


def sign_on_refused(reason: Reason) -> str:
    """Return what a person reads who was sent back from the provider and isn't signed in."""
    name = settings.OIDC_NAME
    match reason:
        case Reason.AWAY:
            return f"{name} isn't answering. Try again in a few minutes, or use a user name and password."
        case Reason.CANCELED:
            return f"You canceled at {name}, so you aren't signed in. Choose how to sign in."
        case Reason.REFUSED:
            return f"{name} didn't let you in. Try again, or ask your coach."
        case Reason.STALE | Reason.EXPIRED:
            return "That took too long, or you used an old page. Choose how to sign in and try again."
        case Reason.CLOSED:
            return "Your account here is closed. Ask your coach."
    return f"{name} sent an answer that we can't trust, so you aren't signed in. Try again, or ask your coach."


def too_many_tries(seconds: int) -> str:
    return f"Too many wrong passwords or codes. Wait {_counted(seconds, 'second')}, then try again."


def too_often(minutes: int) -> str:
    return f"Too many tries in a short time. Try again in {_counted(minutes, 'minute')}."


# --- pages for what went wrong: a title and what to do ----------------------------------------------

BY_STATUS = {
    400: ("We can't read that request", "Reload the page, then try again."),
    403: ("You can't do that", "Ask your coach if you think you should be able to."),
    404: ("We can't find that", "It may have been deleted, or belong to another team. Go back and reload the page."),
    500: ("Something broke on the server", "It's not your fault. Try again in a minute."),
}
NO_SUCH_PAGE = ("That page doesn't exist", "Check the address for typos.")
FILE_LOST = "A file is missing"
NO_STORAGE = "We can't reach the files"
SERVER_BUSY = "Busy"
TOO_LARGE = "Too large"
NOT_OUR_ADDRESS = "ftcml isn't set up for this address"
SHARED_ELSEWHERE = (
    "The laptop that shares ftcml may have a new address. Ask your coach for it. Coaches: stop make share with Ctrl-C "
    "and start it again. It shows the new address."
)
UNKNOWN_ADDRESS = (
    "Check the address for typos. If it's right, ask the operator to add it to ALLOWED_HOSTS and restart the server."
)
STALE = ("This page is out of date", "You signed in or out after you opened it. Reload the page, then try again.")

# --- people of a team -----------------------------------------------------------------------------

NO_NAMES = "Type at least one name."
ADDED_MEANWHILE = "Another coach added one of these people just now. Check the list, then try again."
CHANGED_MEANWHILE = "One of these accounts changed just now. Try again."
REMOVED_MEANWHILE = "Another coach removed this person just now. Reload the page."
TEAM_NUMBERS = "Team numbers start at 1."
LAST_COACH = "A team needs a coach. Make another person a coach first."


def too_many_names(most: int, given: int) -> str:
    return f"You can add {most} people at a time, and this is {given}. Add the others next."


def no_user_name(typed: str) -> str:
    return f"“{typed}” has no letters for a user name. Type one with letters, digits and . _ - only."


def cannot_be_a_name(name: str, why: str) -> str:
    return f"“{name}” can't be a user name. {why}"


def not_a_team(why: str) -> str:
    return f"That team can't be made. {why}"


def closed_name(name: str) -> str:
    return f"The account “{name}” is closed while this server is shared. Choose another user name."


def account_exists(name: str) -> str:
    return f"There is already an account “{name}”. Type exactly that if it's the same person, else another name."


def all_on_the_team(names: Sequence[str]) -> str:
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'} already on your team."


def name_was_taken(wanted: str, used: str) -> str:
    return (
        f"The user name “{wanted}” is taken, so we used “{used}”. If they are the same person, remove {used}. Then ask "
        f"{settings.SUPPORT_CONTACT} to add {wanted} to your team."
    )


def joined(name: str) -> str:
    return f"{name} is on your team now and keeps the password they have."


def is_an_operator(name: str) -> str:
    return f"{name} is an operator of this server."


def is_a_coach(name: str) -> str:
    return f"{name} is a coach. Make them a member first."


def on_another_team(name: str) -> str:
    return f"{name} is also on another team. Ask {settings.SUPPORT_CONTACT} for a new password."


# --- accounts of the sign-in provider, for operators --------------------------------------------------

SUBJECT_TAKEN = "Another account here has that subject already. Use --from with its user name."


def not_linked(name: str) -> str:
    return f"{name} doesn't sign in through the provider."


def already_linked(name: str) -> str:
    return f"{name} already signs in through the provider. Run this with --end first."


# --- joining a team -------------------------------------------------------------------------------

NO_SUCH_KEY = "That code doesn't work. Check each letter, or ask your coach for a new code."
KEY_OVER = "This code or invitation isn't valid any more. Ask your coach for a new one."
NOT_INVITED = "Your team has no such code or invitation. It may have ended."


def bad_code_size(most: int) -> str:
    return f"A code can be for 1 to {most} people."


def too_many_keys(most: int) -> str:
    return f"Your team has {most} codes and invitations, the most it can have. Revoke one, then make another."


MAILED_OFTEN = "That address got several mails in the last hour. Wait an hour, or leave the field empty for a link."


def on_this_team(team: str) -> str:
    return f"You're already on {team}."


def name_taken(wanted: str, free: str) -> str:
    return f"The user name “{wanted}” is taken. “{free}” is free, or choose another one."


def welcome(team: str, username: str) -> str:
    return f"You're on {team} now. Next time, sign in as {username}."


def joined_team(team: str) -> str:
    return f"You're on {team} now."


# --- what a team may store ------------------------------------------------------------------------


def storage_full(used: int, limit: int, wanted: int) -> str:
    """`wanted`: bytes that would come in, 0 where that isn't known."""
    needs = f", and this needs {bytes_in_words(wanted)}" if wanted else ""
    return (
        f"Your team has stored {bytes_in_words(used)} of {bytes_in_words(limit)}{needs}. Delete videos, datasets or "
        "models that you don't need, then delete them from the trash too. Try again a minute later."
    )


def bytes_in_words(count: int) -> str:
    """Return bytes in steps of a thousand: 2000000000 is 2.0 GB."""
    for power, unit in ((4, "TB"), (3, "GB"), (2, "MB"), (1, "kB")):
        if count >= 1000**power:
            return f"{count / 1000**power:,.1f} {unit}"
    return f"{count} bytes"


# --- mail -----------------------------------------------------------------------------------------

PASSWORD_SET = "You have a new password. Sign in with it."  # noqa: S105
WRONG_OWN_PASSWORD = "That isn't your password. Check capital letters, then try again."  # noqa: S105
ADDRESS_KEPT = "We keep your mail address now. If you forget your password, we can send a link there."
ADDRESS_REMOVED = "We deleted your mail address."
MAILED_TOO_OFTEN = "That address got several mails in the last hour. Wait an hour, then try again."

# --- training minutes -----------------------------------------------------------------------------

TOO_LITTLE_TIME = (
    "Your team has {remaining} training minutes left, but this training would reserve {wanted}. "
    "Choose fewer minutes, or ask your coach for more."
)

# --- tokens ---------------------------------------------------------------------------------------

BAD_KEY = (
    "This token isn't valid. It was revoked or unused for too long, or the password was changed. "
    "Make a new one on the page API tokens, or at /api/v1/token/."
)
NO_SUCH_TOKEN = "You have no such token."  # noqa: S105
NO_TOKEN = "This is a page's session and no token. Sign out instead."  # noqa: S105
# What a token with each scope may do, as the page and the API's description say it.
SCOPES = {
    "read": "See everything of your team, and download it.",
    "label": "Upload, label, and make datasets. Delete videos and datasets.",
    "train": "Start and stop training. Delete models.",
    "admin": "For coaches: change people, tokens and webhooks. Empty the trash.",
}


def lacks_scope(scope: str) -> str:
    need = f"This needs a token with the scope “{scope}”." if scope else "No token can do this."
    return f"{need} Make one on the page API tokens."


def more_scopes_than(scopes: Sequence[str]) -> str:
    return f"This token can only make tokens with {listed(scopes)}."


def too_many_tokens(most: int) -> str:
    return f"You have {most} tokens, the most you can have. Revoke one on the page API tokens, then make another."


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
