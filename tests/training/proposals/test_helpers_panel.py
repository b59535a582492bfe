"""The panel of the label page: it names the team's models, starts runs, and says what becomes of them."""

import html

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from tests.factories import BoxFactory, TrainingJobFactory, VideoFactory, VideoFrameFactory, add_model
from tests.training.proposals.conftest import at, do_what_waits
from training.models import ModelRun, QuickAssistant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("training_worker", "as_often_as_one_likes")]


def text_of(answer) -> str:
    return " ".join(html.unescape(strip_tags(answer.content.decode())).split())


def start(client: Client, video, model, **choices):
    given = {"job": model.pk, "purpose": "proposals", "confidence": "50", "first": "", "last": "", **choices}
    return client.post(reverse("label-model-start", args=[video.pk]), given)


def test_a_run_from_its_start_to_its_result(member_client: Client, video, model, finds, member) -> None:
    finds({0: [at(10)]})
    told = text_of(start(member_client, video, model, last="4"))
    assert f"Proposing boxes with “{model}”: 0 of 4 frames" in told
    run = ModelRun.objects.get()
    assert (run.first, run.last, run.created_by) == (0, 3, member)
    do_what_waits()
    told = text_of(member_client.get(reverse("label-model-progress", args=[video.pk])))
    assert "looked at 4 frames and proposed 1 box." in told


def test_a_run_under_way_is_told_before_a_later_one_that_is_done(member_client: Client, video, model) -> None:
    start(member_client, video, model)
    start(member_client, video, model, last="2")
    ModelRun.objects.filter(last=1).update(state=ModelRun.State.DONE)
    told = text_of(member_client.get(reverse("label-model-progress", args=[video.pk])))
    assert f"Proposing boxes with “{model}”" in told


def test_a_run_can_be_stopped(member_client: Client, video, model) -> None:
    start(member_client, video, model)
    run = ModelRun.objects.get()
    member_client.post(reverse("label-model-stop", args=[video.pk, run.pk]))
    run.refresh_from_db()
    assert run.state == ModelRun.State.STOPPED


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"job": "nothing"}, "That model was deleted."),
        ({"confidence": "200"}, "less than or equal to 99"),
        ({"first": "100"}, "There is no such frame"),
        ({"purpose": "audit"}, "None of these frames is labeled yet."),
        ({"purpose": "x"}, "x is not one of the available choices"),
    ],
)
def test_what_cannot_be_run_is_said(member_client: Client, video, model, choices, told) -> None:
    answer = start(member_client, video, model, **choices)
    assert (answer.status_code, ModelRun.objects.count()) == (422, 0)
    assert told in text_of(answer)


def test_a_quick_assistant_says_what_it_costs_before_the_click(member_client: Client, team, member) -> None:
    video = VideoFactory(team=team)
    for number in range(20):
        BoxFactory(frame=VideoFrameFactory(video=video, number=number, seconds=number, finished=True))
    panel = reverse("label-models", args=[video.pk])
    told = text_of(member_client.get(panel))
    assert "learns from your 20 labeled frames" in told
    assert "of your team's training minutes, and gives back what it doesn't use" in told
    told = text_of(member_client.post(reverse("label-assistant", args=[video.pk])))
    assert "makes a dataset of your labeled frames" in told
    assert 'data-labels-itself=""' in member_client.get(panel).content.decode()
    QuickAssistant.objects.update(state="DONE")
    assert 'data-labels-itself=""' in member_client.get(panel).content.decode(), "it has proposed on all frames there"
    next_video = VideoFactory(team=team)
    VideoFrameFactory(video=next_video, number=0)
    panel = reverse("label-models", args=[next_video.pk])
    assert 'data-labels-itself="1"' in member_client.get(panel).content.decode()


def test_the_panel_costs_as_much_for_many_frames(
    member_client: Client, video, model, finds, django_assert_max_num_queries
) -> None:
    add_model(TrainingJobFactory(team=video.team))
    video.frames.update(finished=True)
    finds({number: [at(10)] for number in range(6)})
    start(member_client, video, model, purpose="audit")
    do_what_waits()
    with django_assert_max_num_queries(24):
        told = text_of(member_client.get(reverse("label-models", args=[video.pk])))
    assert told.count("The model finds “cone” here, and there's no box.") == 6
