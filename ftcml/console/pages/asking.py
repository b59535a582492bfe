"""A question with a form in a dialog, which stays open and says why where it is refused."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from ftcml.accounts.services.team_request import PersonRequest
from ftcml.console.services.refusals import ActionRefused
from ftcml.core import dialogs


def typed(request: PersonRequest) -> QueryDict | None:
    """Return what was typed; None where the dialog only opens."""
    return request.POST if request.method == "POST" else None


def asked(
    request: PersonRequest,
    form: Form,
    template: str,
    context: dict[str, Any],
    act: Callable[[dict[str, Any]], HttpResponse | None],
) -> HttpResponse:
    """Do it with what was typed; or show the dialog, as it opens or still open with what is wrong.

    Args:
        request: of the dialog.
        form: what is typed.
        template: of the dialog, in console/parts/.
        context: what the dialog shows besides the form.
        act: does it. It may return an answer of its own, and raise ActionRefused.
    """
    refusal = ""
    if form.is_valid():
        try:
            return act(form.cleaned_data) or dialogs.done()
        except ActionRefused as refused:
            if len(form.fields) == 1:
                form.add_error(next(iter(form.fields)), str(refused))
            elif not form.errors:  # else `act` has said which field is wrong
                refusal = str(refused)
    context = {**context, "form": form, "refusal": refusal}
    return render(request, f"console/parts/{template}.html", context, status=422 if form.is_bound else 200)
