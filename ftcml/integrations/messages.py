"""What people read about webhooks, e-mail, and requests that programs send again."""

from ftcml.integrations.reasons import Problem, Refusal

# --- requests that are sent again -----------------------------------------------------------------

BAD_KEY = "Idempotency-Key must be 1 to 255 visible ASCII characters, alone or in double quotes."
OTHER_REQUEST = "You used this Idempotency-Key for another request. Use a new key for each thing that you make."
STILL_ANSWERED = "The first request with this Idempotency-Key is still being answered. Try again in a few seconds."

# --- webhooks -------------------------------------------------------------------------------------

NO_SUCH_WEBHOOK = "Your team has no such webhook."
REFUSALS = {
    Refusal.NOT_HTTPS: "Use an address that begins with https://.",
    Refusal.NO_ADDRESS: "That isn't a web address. Type one such as https://example.org/ftcml.",
    Refusal.PRIVATE: "This address is inside a private network, where the server sends nothing. Use a public one.",
    Refusal.NO_EVENT: "Choose at least one event.",
    Refusal.TOO_MANY: "Your team has {most} webhooks, the most it can have. Delete one, then add another.",
    Refusal.TAKEN: "Your team has a webhook for this address. Change that one.",
}
PROBLEMS = {
    Problem.NO_ANSWER: "No answer",
    Problem.TOO_SLOW: "Took longer than 10 seconds",
    Problem.UNKNOWN_NAME: "Name not found",
    Problem.NOT_ALLOWED: "Private address",
    Problem.CERTIFICATE: "Certificate not trusted",
    Problem.REDIRECT: "Answered {status}: redirects aren't followed",
    Problem.STATUS: "Answered {status}",
    Problem.BROKEN: "Broke on our server",
    Problem.MAIL: "Mail server didn't take it",
}
WHY_OFF = {
    "by_coach": "A coach turned it off.",
    "kept_failing": "Messages failed for {days} days in a row. Repair the receiver, then turn it on.",
    "gone": "The receiver answered 410: it wants no more messages.",
    "secret_lost": "The server's own key has changed. Make a new secret, then give it to the receiver.",
}
STATES = {"waiting": "Waiting", "delivered": "Delivered", "failed": "Given up", "dropped": "Not sent"}


def refusal(code: Refusal, **params: int) -> str:
    return REFUSALS[code].format(**params)


def problem(code: str, status: int) -> str:
    """Return why a try failed, "" where it didn't."""
    return PROBLEMS[Problem(code)].format(status=status) if code else ""


def why_off(code: str, days: int) -> str:
    return WHY_OFF[code].format(days=days) if code else ""


# --- e-mail ---------------------------------------------------------------------------------------

_ENDED = {"SUCCEEDED": "is finished", "FAILED": "failed", "STOPPED": "was stopped", "CANCELED": "was canceled"}
MAIL_SAVED = "Saved."


def of_ended(state: str) -> str:
    """Return how a training in this last state has ended, as the end of a sentence."""
    return _ENDED.get(state, "has ended")
