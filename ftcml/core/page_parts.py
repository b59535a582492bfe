"""What the templates share: times, fields of forms, parts that refresh themselves. No {% load %} needed."""

import json
from datetime import datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, NumberInput, Select
from django.forms.utils import flatatt
from django.template import loader
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
    attributes = {"datetime": shown.isoformat(timespec="seconds")} | ({"class": css} if css else {})
    return format_html("<time{}>{}</time>", flatatt(attributes), date(shown, "M j, Y, g:i A T"))


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
            "hx-swap": "morph:outerHTML",
            "hx-disinherit": "*",
        }
    )


@register.simple_tag
def loaded(part: str, address: str) -> SafeString:
    """Return the id and attributes of a part that comes after its page, and again when a dialog changed something.

    Args:
        part: its id.
        address: where its content is asked for.
    """
    return flatatt(
        {
            "id": part,
            "hx-get": address,
            "hx-trigger": "load, refresh, list-changed from:body",
            "hx-swap": "morph:innerHTML",
            "hx-disinherit": "*",
        }
    )


@register.simple_block_tag
def action(
    content: SafeString,
    name: str,
    refusal: str = "",
    css: str = "btn-quiet",
    href: str = "",
    page: str = "",
    **attributes: str,
) -> SafeString:
    """Return a button that opens a dialog or downloads a file: {% action "delete" hx_get=url %}Delete{% endaction %}.

    Args:
        content: the words on it.
        name: its id.
        refusal: why it is off, "" where it is on. Pointing at it, tapping it or tabbing to it shows this.
        css: its further classes.
        href: what it downloads.
        page: where it leads, where it does neither.
        attributes: where its dialog comes from; hx_get becomes hx-get.
    """
    own = {key.replace("_", "-"): value for key, value in attributes.items()}
    opens = own | {"hx-target": "#dialog-content", "hx-sync": "this:drop"}
    context = {
        "content": SafeString(content.strip()),
        "name": name,
        "refusal": refusal,
        "css": css,
        "href": href,
        "page": page,
    }
    return loader.render_to_string("parts/action.html", context | {"attributes": flatatt(opens)})


@register.simple_block_tag
def field(
    content: SafeString,
    bound: BoundField,
    label: str = "",
    unit: str = "",
    opens_with: bool = False,
    **attributes: Any,
) -> SafeString:
    """Return a form's field: label, control, help and errors, as {% field form.name %}help{% endfield %}.

    What the control takes (min, max, step) is the form's business. The control names its help and its errors to a
    screen reader.

    Args:
        content: the help under the control.
        bound: the field.
        label: instead of the form's own.
        unit: what a number counts, shown behind it.
        opens_with: whether a form that opens has the cursor here. One that comes back has it in the first wrong field.
        attributes: what else the page asks of the control, such as autofocus; data_max becomes data-max.
    """
    bound.help_text = SafeString(content.strip())  # so that Django writes aria-describedby
    own = {name.replace("_", "-"): value for name, value in attributes.items()}
    if (opens_with and not bound.form.is_bound) or bound.name == next(iter(_wrong(bound.form)), None):
        own["autofocus"] = True
    context = {
        "field": bound,
        "label": label or bound.label,
        "unit": unit,
        "is_checkbox": isinstance(bound.field.widget, CheckboxInput),
        "control": bound.as_widget(attrs={"class": _css(bound, has_unit=bool(unit)), **own}),
    }
    return loader.render_to_string("parts/field.html", context)


def _wrong(form: BaseForm) -> list[str]:
    """The fields with errors, in the form's order."""
    return [name for name in form.fields if name in form.errors]


def _css(bound: BoundField, has_unit: bool) -> str:
    match bound.field.widget:
        case CheckboxInput():
            return "form-check-input"
        case Select():
            return "form-select"
        case NumberInput() if not has_unit:
            return "form-control input-narrow"
    return "form-control"
