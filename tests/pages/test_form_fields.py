"""Fields of forms: each is written by one template, which tells a screen reader its help and what is wrong."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import Client

from ftcml.accounts.models import Team
from tests import lineages
from tests.factories import DatasetFactory, MembershipFactory

TEMPLATES = Path(settings.BASE_DIR / "templates")
# Templates that scripts fill in or send, and why no form of Django has their fields.
MADE_BY_SCRIPTS = {
    "videos/label/parts/labels.html": "the name of a new label, which a script sends",
    "videos/label/parts/review.html": "a comment and a range of frames, which a script sends",
    "videos/parts/upload_dialog.html": "a description for each of the chosen files",
}
# Labels of what is no field of a form of Django, and why.
OTHER_LABELS = {
    "datasets/parts/import_dialog.html": "how far an upload is: a progress bar",
    "datasets/parts/produce_numbers.html": "a box for each of the chosen videos",
    "datasets/parts/produce_progress.html": "how far the worker is: a progress bar",
    "datasets/parts/row.html": "how far an import is: a progress bar",
    "videos/parts/progress.html": "how far an upload or an extraction is: a progress bar",
    "videos/parts/uploads.html": "how far an upload is: a progress bar",
    "videos/label/parts/review.html": "a range of frames and a comment that a script alone reads",
    "videos/label/parts/toolbar.html": "a slider that never leaves the browser",
    "videos/label/parts/tracking.html": "choices that a script alone reads",
    "videos/phone.html": "files that a script alone reads",
    "training/images.html": "sliders and choices that a script alone reads",
    "training/parts/graph_controls.html": "a slider, switches, and a box for each of the team's other models",
    "training/parts/more_datasets.html": "a box for each of the team's datasets, some always checked",
    "training/proposals/panel.html": "choices that a script alone reads",
    "training/proposals/progress.html": "how far a run is: a progress bar",
    "training/results.html": "which checkpoint the page shows; a choice and a slider that a script alone reads",
    "training/try_it.html": "files, a slider and a choice that never leave the browser",
}


class Order(forms.Form):
    """A form with one field of each kind that pages have."""

    count = forms.IntegerField(min_value=1, max_value=9, label="How many")
    size = forms.ChoiceField(required=False, choices=[("", "any")])
    note = forms.CharField(required=False)
    is_gift = forms.BooleanField(required=False)


class Travel(forms.Form):
    """A form with choices side by side."""

    way = forms.ChoiceField(widget=forms.RadioSelect, choices=[("air", "by air"), ("sea", "by sea")])


def attributes(element: str, source: str) -> dict[str, str]:
    """What the first such element has."""
    found = re.search(rf"<{element}\b([^>]*)>", source)
    assert found
    return dict(re.findall(r"""([\w-]+)(?:="([^"]*)")?""", found[1]))


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_a_field_tells_a_screen_reader_its_help() -> None:
    part = rendered("{% field form.count %}From 1 to <b>9</b>.{% endfield %}", form=Order())
    count = attributes("input", part)
    assert '<label for="id_count">How many</label>' in part
    assert f'<p class="hint" id="{count["aria-describedby"]}">From 1 to <b>9</b>.</p>' in part
    assert (count["type"], count["min"], count["max"]) == ("number", "1", "9")
    assert "aria-invalid" not in count


def test_a_field_tells_a_screen_reader_what_is_wrong() -> None:
    part = rendered("{% field form.count %}Help.{% endfield %}", form=Order({"count": "<many>"}))
    count = attributes("input", part)
    assert count["aria-invalid"] == "true"
    assert count["value"] == "&lt;many&gt;"
    for described_by in count["aria-describedby"].split():
        assert f'id="{described_by}"' in part
    assert '<p class="field-error" role="alert">Enter a whole number.</p>' in part


def test_a_field_without_help_names_none() -> None:
    part = rendered("{% field form.size %}{% endfield %}", form=Order())
    assert "aria-describedby" not in attributes("select", part)
    assert "hint" not in part


def test_a_page_says_what_the_form_cannot_know() -> None:
    source = '{% field form.note label=label unit="m" maxlength=longest data_max_bytes=9 %}{% endfield %}'
    part = rendered(source, form=Order(), label="A & B", longest=20)
    note = attributes("input", part)
    assert '<label for="id_note">A &amp; B</label>' in part
    assert '<span class="input-group-text">m</span>' in part
    assert (note["maxlength"], note["data-max-bytes"]) == ("20", "9")


def test_a_box_to_check_stands_before_its_label() -> None:
    part = rendered("{% field form.is_gift %}{% endfield %}", form=Order())
    assert part.index("<input") < part.index("<label")


@pytest.mark.parametrize(
    ("sent", "has_cursor"),
    [(None, "note"), ({}, "count"), ({"count": "1"}, "")],
    ids=["opened", "with errors", "refused as a whole"],
)
def test_a_form_opens_at_the_field_to_fill_and_comes_back_at_the_first_wrong_one(sent: Any, has_cursor: str) -> None:
    source = "{% field form.{name} opens_with=opens %}{% endfield %}"
    form = Order(sent)
    with_cursor = [
        name
        for name in ("count", "note")
        if "autofocus" in attributes("input", rendered(source.replace("{name}", name), form=form, opens=name == "note"))
    ]
    assert with_cursor == [name for name in (has_cursor,) if name]


def test_choices_that_stand_side_by_side_are_a_group() -> None:
    """Radio buttons: the group has the name, and each choice its own."""
    part = rendered("{% field form.way %}Help.{% endfield %}", form=Travel())
    assert "<fieldset" in part
    assert "<legend>Way</legend>" in part
    assert len(re.findall(r'<label class="choice-card" for="id_way_\d">', part)) == 2


@pytest.mark.usefixtures("training_worker")
def test_every_dialog_marks_the_field_that_is_wrong(team: Team, client: Client) -> None:
    """Whether the form itself finds out or the service behind it."""
    person = MembershipFactory(team=team, role="coach", user__is_staff=True).user
    client.force_login(person)
    dataset = DatasetFactory(team=team)
    parent = lineages.trained(400, team=team)
    training = {"training_steps": 300, "max_minutes": 30, "description": "x", "job_id": uuid.uuid4()}
    start = {**training, "dataset": dataset.pk, "starting_model": "SSD MobileNet v2 320x320"}
    wrong = [
        ("/start-training/", {**start, "description": " "}, "description"),
        ("/start-training/", {**start, "description": "x" * 31}, "description"),
        ("/start-training/", {**start, "training_steps": 7}, "training_steps"),
        ("/start-training/", {**start, "max_minutes": 9_999}, "max_minutes"),
        ("/start-training/", {**start, "max_minutes": 99_999}, "max_minutes"),
        ("/start-training/", {**start, "starting_model": "YOLO"}, "starting_model"),
        ("/start-training/", {**start, "max_detections": 0}, "max_detections"),
        (f"/models/{parent.pk}/train-more/", {**training, "max_detections": "x"}, "max_detections"),
        (f"/models/{parent.pk}/train-more/", {**training, "description": ""}, "description"),
        (f"/models/{parent.pk}/train-more/", {**training, "max_minutes": 0}, "max_minutes"),
        ("/datasets/import/", {"description": "", "eval_percent": 20, "split_seed": 0}, "upload"),
        ("/datasets/import/", {"description": "", "eval_percent": 20, "split_seed": 0}, "description"),
        ("/people/add/", {"names": ""}, "names"),
        ("/people/codes/make/", {"people": "0", "lasts": "86400"}, "people"),
        ("/people/codes/make/", {"people": "3", "lasts": "9"}, "lasts"),
        ("/tokens/add/", {"name": ""}, "name"),
        (f"/console/minutes/grant/{team.pk}/", {"minutes": 0}, "minutes"),
        ("/console/switches/training-off/", {"words": "x" * 201}, "words"),
        ("/console/switches/maintenance-on/", {"words": ""}, "words"),
        ("/console/switches/banner-on/", {"words": "", "lasts": "24"}, "words"),
        (f"/console/teams/{team.pk}/limits/", {"gigabytes": "0"}, "gigabytes"),
    ]
    for address, form, field in wrong:
        answer = client.post(address, form)
        page = answer.content.decode()
        marked = {
            dict(re.findall(r'([\w-]+)="([^"]*)"', tag)).get("name")
            for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
            if 'aria-invalid="true"' in tag
        }
        assert (address, answer.status_code, field in marked) == (address, 422, True), page
        assert 'class="notice notice-error" role="alert"' not in page, (
            f"{address} says twice what is wrong with {field}"
        )


def test_fields_of_forms_are_written_in_one_template() -> None:
    by_name = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
    del by_name["parts/field.html"]
    with_labels = {name for name, source in by_name.items() if "<label" in source}
    assert with_labels == OTHER_LABELS.keys()
    by_hand = re.compile(r"""for="id_|class="form-control|\.label_tag|\.as_(?:p|div|table|field_group)|>{{ error }}""")
    found = {name: written for name, source in by_name.items() if (written := by_hand.findall(source))}
    assert found.keys() == MADE_BY_SCRIPTS.keys()
