"""A team's model proposes boxes on the label page; a person accepts, corrects and rejects them."""

import pytest
from playwright.sync_api import expect

from tests.factories import BoxFactory, TrainingJobFactory
from tests.pages.conftest import serious_problems
from tests.pages.videos.label.conftest import Hand, frame_of
from tests.training.proposals.conftest import at, do_what_waits, finds, model  # noqa: F401
from training.models import TrainingJob
from videos.labeling import proposing
from videos.models import Video

pytestmark = pytest.mark.browser

# What ScriptedFinder sees of a green picture.
GREEN = 75


def test_a_model_proposes_and_a_person_decides(hand: Hand, video: Video, model: TrainingJob, finds) -> None:  # noqa: F811
    page = hand.page
    finds({GREEN: [at(100), at(400, "cube", 0.6)]})
    lone = BoxFactory(frame=frame_of(video, 5), label=video.team.labels.get(name="cube"), xmin=200, xmax=280)
    hand.open(video)
    page.get_by_role("button", name="Propose Boxes").click()
    expect(page.get_by_text(f"Proposing boxes with “{model}”")).to_be_visible()
    do_what_waits()
    expect(page.get_by_text("and proposed 24 boxes")).to_be_visible()
    hand.sees_boxes(2)
    waiting = page.locator("#helpers-waiting")
    expect(waiting).to_contain_text("24 proposed boxes in 12 frames")
    assert serious_problems(page) == []

    told = page.locator("#stage-proposed")
    expect(told).to_contain_text("A model proposed 24 boxes.")
    heading = page.get_by_role("heading", name="Label with a model").bounding_box()
    assert heading["y"] + heading["height"] < 720, "it's on the first screen"

    hand.press("Enter")  # all of them are right
    hand.sees_frame(1)
    expect(told).to_be_hidden()
    hand.click(450, 150)
    hand.press("Delete")  # the cube isn't one
    hand.press("Shift+Enter")
    expect(waiting).to_contain_text("20 proposed boxes in 10 frames")
    hand.press(".")
    hand.sees_frame(2)
    hand.click(150, 150)
    hand.drag((150, 150), (160, 170))  # corrected
    hand.press("Shift+Delete")  # what is still proposed here
    hand.sees_boxes(1)
    hand.is_saved()
    assert [boxes_with_state(video, number) for number in range(3)] == [
        [("cone", True), ("cube", True)], [("cone", True)], [("cone", True)],
    ]  # fmt: skip
    assert frame_of(video, 0).finished

    page.get_by_text("Accept or reject many").click()
    page.locator("#sure-from").fill("80")
    page.locator("#sure-finishes").check()
    page.get_by_role("button", name="Accept 9 Boxes").click()
    expect(waiting).to_contain_text("9 proposed boxes in 9 frames")
    hand.sees_frame(2)
    hand.press("Control+z")
    expect(waiting).to_contain_text("18 proposed boxes in 9 frames")
    page.locator("#sure-label").select_option("cube")
    page.get_by_role("button", name="Reject All of This Label").click()
    page.locator("#sure-label").select_option("")
    page.get_by_role("button", name="Accept 9 Boxes").click()
    expect(waiting).to_be_hidden()
    hand.is_saved()
    assert proposing.open_proposals(video).count() == 0
    assert all(frame_of(video, number).finished for number in range(3, 12))

    # The model looks at the labels as well: one box shows nothing.
    page.get_by_role("button", name="Check the Labels").click()
    expect(page.get_by_text("Checking the labels")).to_be_visible()
    do_what_waits()
    page.get_by_role("button", name="Frame 6: The model doesn't find this “cube”.").click()
    hand.sees_frame(5)
    hand.press("Delete")
    hand.is_saved()
    assert not type(lone).objects.filter(pk=lone.pk).exists()


def test_frames_that_help_most_and_proposals_as_frames_are_opened(hand: Hand, video: Video, model, finds, team) -> None:  # noqa: F811
    page = hand.page
    newer = TrainingJobFactory(team=team, labels=["cone"], description="newest")
    newer.default_file = model.default_file
    newer.save()
    finds({GREEN: [at(100, score=0.55)]})
    hand.open(video)
    expect(page.get_by_label("Model", exact=True)).to_have_value(str(newer.pk))
    page.get_by_role("button", name="Show Me the Frames That Help Most").click()
    expect(page.get_by_text("Looking for the frames")).to_be_visible()
    do_what_waits()
    page.locator("#helpful-frames").get_by_role("button", name="Frame 1", exact=True).click()
    hand.sees_frame(0)
    hand.sees_boxes(0)

    page.get_by_label("Propose boxes on each new frame that I open").check()
    expect(page.get_by_text("0 of 12 frames")).to_be_visible()
    do_what_waits()
    hand.sees_boxes(1)
    hand.press("ArrowRight")
    hand.sees_boxes(1)
    page.reload()
    expect(page.get_by_label("Propose boxes on each new frame that I open")).to_be_checked()


def boxes_with_state(video: Video, number: int) -> list[tuple[str, bool]]:
    boxes = frame_of(video, number).boxes.select_related("label").order_by("xmin")
    return [(box.label.name, box.confirmed) for box in boxes]
