"""What the templates share: times, and parts of a page that refresh themselves. No {% load %} needed."""

import json
from datetime import datetime

from django import template
from django.forms.utils import flatatt
from django.template.defaultfilters import date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

register = template.Library()


@register.simple_tag
def time(moment: datetime | None, otherwise: str = "", css: str = "") -> SafeString | str:
    """Return a <time>, which the browser shows in the reader's own zone (static/js/every-page/local-times.js).

    Args:
        moment: what to show.
        otherwise: what to show where it is None.
        css: the classes of the element.
    """
    if moment is None:
        return otherwise
    shown = localtime(moment)
    attributes = {"datetime": shown.isoformat()} | ({"class": css} if css else {})
    return format_html("<time{}>{}</time>", flatatt(attributes), date(shown, "M j, Y, H:i"))


@register.simple_tag
def refreshing(address: str, target: str = "", also: str = "", since: str | int | None = None) -> SafeString:
    """Return the attributes of the page's part that refreshes itself as often as the server says.

    static/js/every-page/refreshing.js triggers it; what lies in the part inherits nothing of it.

    Args:
        address: where its content is asked for.
        target: the selector of what is replaced, where that isn't all of the part.
        also: what else makes it refresh, as hx-trigger has it.
        since: sent along with the request.
    """
    own = {"hx-target": target} if target else {}
    vals = {} if since is None else {"hx-vals": json.dumps({"since": since})}
    set_here = {**own, **vals, "hx-swap": "morph:innerHTML", "hx-sync": "this:replace"}
    trigger = ", ".join(filter(None, ["refresh", "list-changed from:body", also]))
    return flatatt(
        {
            "data-live": True,
            "hx-get": address,
            "hx-trigger": trigger,
            **set_here,
            "hx-disinherit": " ".join(set_here),
        }
    )


@register.simple_tag
def asked_again(part: str, address: str) -> SafeString:
    """Return the id and attributes of a part that is asked for again when something in it was changed by a dialog.

    Args:
        part: its id.
        address: of the page that has it.
    """
    return flatatt(
        {
            "id": part,
            "hx-get": address,
            "hx-trigger": "list-changed from:body",
            "hx-select": f"#{part}",
            "hx-swap": "outerHTML",
            "hx-disinherit": "*",
        }
    )
