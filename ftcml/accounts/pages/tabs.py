"""Which tab a person saw last, whether they have looked at a dataset, and how often a tab asks for news."""

from django.http import HttpRequest

from ftcml.accounts.services.team_request import TeamRequest

TABS = ("videos", "datasets", "models")
_SECONDS_WHILE_WORKING, _SECONDS_WHILE_QUIET = 2, 30


def remember_tab(request: HttpRequest, tab: str) -> None:
    """Keep the tab in the session, which is written only when the tab is another one."""
    if request.session.get("tab") != tab:
        request.session["tab"] = tab


def last_tab(request: TeamRequest) -> str:
    """Return the tab that the person saw last; at first, the one on which their team has something."""
    tab = request.session.get("tab")
    if tab in TABS:
        return tab
    has_datasets_alone = request.team.datasets.exists() and not request.team.videos.exists()
    return "datasets" if has_datasets_alone else TABS[0]


def remember_look(request: HttpRequest) -> None:
    """Keep in the session that the person has looked at a dataset: a step of their first visit."""
    if not request.session.get("has_looked"):
        request.session["has_looked"] = True


def has_looked(request: HttpRequest) -> bool:
    return bool(request.session.get("has_looked"))


def refresh_seconds(is_working: bool) -> int:
    """Seconds until a page asks again: few while something on it is being worked on."""
    return _SECONDS_WHILE_WORKING if is_working else _SECONDS_WHILE_QUIET
