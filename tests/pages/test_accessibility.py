"""Each page and dialog: nothing serious for axe-core, no sideways scrolling, nothing that the keyboard cannot reach."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from datasets.inspection import inspecting
from datasets.models import Dataset, Frame
from datasets.split import Split
from ftcml.accounts.models import Team, User
from ftcml.integrations.models import Webhook
from ftcml.integrations.services import happenings
from tests.factories import (
    BoxFactory,
    DatasetFactory,
    MembershipFactory,
    TrainingJobFactory,
    VideoFactory,
    VideoFrameFactory,
)
from tests.pages.conftest import scrolls_sideways, serious_problems, sign_in
from training.models import JobEvent, MetricPoint, TrainingJob
from training.states import JobState
from videos.models import Activity, Upload, Video

pytestmark = pytest.mark.browser

WIDE = "W" * 30
# The third one is the first at a zoom of 200 %.
PHONE = {"width": 390, "height": 844}
SIZES = ({"width": 1280, "height": 720}, {"width": 1366, "height": 768}, {"width": 640, "height": 360}, PHONE)
# What sticks out of the window, or of a part that cannot be scrolled.
# Graphs notice their new width when the page is laid out, and are drawn by the frame after that.
DRAWN_AGAIN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
CUT_OFF = """[...document.querySelectorAll("body *")].filter((element) => {
  const { overflowX, textOverflow } = getComputedStyle(element);
  const { left, right, width } = element.getBoundingClientRect();
  if (width <= 1 || !element.checkVisibility() || element.closest("[class*=visually-hidden]")) return false;
  const isField = element.matches("input"); // it moves its text along
  const hides = !isField && ["hidden", "clip"].includes(overflowX) && textOverflow !== "ellipsis";
  if (hides && element.scrollWidth > element.clientWidth + 1) return true;
  for (let part = element.parentElement; part; part = part.parentElement)
    if (["auto", "scroll"].includes(getComputedStyle(part).overflowX)) return false;
  return right > innerWidth + 1 || left < -1;
}).map((element) => element.outerHTML.slice(0, 120))"""
# The focused element: its place among all, and whether one sees that it is focused.
FOCUSED = """() => {
  const focused = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(focused);
  const { top, bottom, width } = focused.getBoundingClientRect();
  return {
    place: focused === document.body ? -1 : [...document.querySelectorAll("*")].indexOf(focused),
    isSeen: outlineStyle === "solid" && parseFloat(outlineWidth) >= 2 && width > 0 && bottom > 0 && top < innerHeight,
    html: focused.outerHTML.slice(0, 120),
  };
}"""
# Counts what a screen reader is given to read out.
LISTEN = """() => {
  window.readOut = [];
  const keep = (changes) => window.readOut.push(...changes.map(({ target }) => target.textContent));
  const listener = new MutationObserver(keep);
  for (const region of document.querySelectorAll("[role=status], [role=alert], [aria-live]"))
    listener.observe(region, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def full_team(team: Team, member: User) -> Team:
    """One of everything, with the longest words that fit."""
    MembershipFactory(user=member, team__number=999_999, team__name="A team with a name that is rather long")
    ready = DatasetFactory(team=team, description=WIDE, labels=["cone", "L" * 60])
    DatasetFactory(team=team, state="PRODUCING", frames_done=3, frames_total=10, labels=[], counts={})
    DatasetFactory(team=team, state="FAILED", reason_code="no_voc", labels=[], counts={})
    ready.repairs = [{"kind": "box_clipped", "file": "a.xml", "code": "boxes_cut", "params": {"boxes": 1}, "files": 1}]
    ready.save()
    frame = {"dataset": ready, "split": Split.TRAINING, "filename": "frame.jpg", "width": 160, "height": 120}
    Frame.objects.create(number=0, boxes=[{"label": "cone", "box": [0.1, 0.1, 0.5, 0.5]}], **frame)
    inspecting.inspect(ready)
    _add_videos(team, member)
    for state in JobState:
        TrainingJobFactory(
            team=team,
            dataset=ready,
            description=WIDE,
            state=state,
            reason_code="other",
            reason_params={"text": "A reason. " * 6},
        )
    running = TrainingJob.objects.get(state=JobState.RUNNING)
    parent = TrainingJob.objects.get(state=JobState.FAILED)
    TrainingJob.objects.filter(pk=running.pk).update(live_step=120, live_steps_per_second=1.5, parent=parent)
    JobEvent.objects.create(job=running, new_state=JobState.QUEUED, by="milo", reason_code="started")
    MetricPoint.objects.create(
        job=running, split="eval", tag="DetectionBoxes_Recall/AR@100 (medium)", step=100, value=0.5
    )
    return team


def _add_videos(team: Team, member: User) -> None:
    """One in each state, the READY one with a labeled frame, one that is ignored and a near-duplicate."""
    arriving = VideoFactory(team=team, description=WIDE, filename=f"{WIDE}.mov", state="UPLOADING")
    Upload.objects.create(video=arriving, filename="film.mov", size=1000, offset=10)
    VideoFactory(team=team, state="EXTRACTING", frames_done=3, frames_total=10)
    VideoFactory(team=team, state="FAILED", reason_code="not_a_video")
    ready = VideoFactory(
        team=team, created_by=member, description=WIDE, filename=f"{WIDE}.mp4", file_bytes=10**8, frames_done=3,
        frames_in_video=3600, width=3840, height=2160, frames_per_second=29.97,
    )  # fmt: skip
    frames = [
        VideoFrameFactory(video=ready, number=0, seconds=0, finished=True),
        VideoFrameFactory(video=ready, number=1, seconds=0.1, near_duplicate_of=0),
        VideoFrameFactory(video=ready, number=2, seconds=0.2, ignored=True),
    ]
    BoxFactory(frame=frames[0], label__name="L" * 60)
    Activity.objects.create(video=ready, person=member, action="labeled", params={"frames": 1})


def _check(page: Page) -> None:
    assert serious_problems(page) == []
    for size in SIZES:
        page.set_viewport_size(size)
        page.evaluate(DRAWN_AGAIN)
        assert not scrolls_sideways(page)
        assert page.evaluate(CUT_OFF) == []


TEAM_PAGES = [
    *(
        "/videos/",
        "/videos/{video}/",
        "/videos/{video}/label/",
        "/datasets/",
        "/datasets/{dataset}/",
        "/models/",
        "/models/{job}/",
        "/models/{job}/graphs/",
    ),
    *("/models/{job}/results/", "/models/{job}/images/", "/models/{job}/robot-code/", "/models/{job}/try-it/"),
    *("/people/", "/tokens/", "/password/", "/resources/", "/help/", "/glossary/", "/nothing/"),
]
CONSOLE_PAGES = ["workers", "jobs", "minutes", "switches", "storage", "audit", "jobs/{job}"]


def _filled_in(address: str) -> str:
    job = TrainingJob.objects.get(state=JobState.RUNNING)
    video = Video.objects.get(state="READY")
    return address.format(job=job.pk, dataset=job.datasets.get().pk, video=video.pk)


@pytest.mark.parametrize("address", TEAM_PAGES)
def test_pages(address: str, page: Page, full_team: Team) -> None:
    """In each size, and in the dark."""
    page.goto(_filled_in(address))
    _check(page)
    page.emulate_media(color_scheme="dark")
    assert serious_problems(page) == []


@pytest.mark.parametrize("address", ["/people/", *(f"/console/{name}/" for name in CONSOLE_PAGES)])
def test_no_page_of_coaches_and_operators_scrolls_sideways_on_a_phone(
    address: str, visitor: BrowserContext, coach: User, full_team: Team, live_server
) -> None:
    coach.is_staff = True
    coach.save()
    sign_in(visitor, coach, live_server.url)
    page = visitor.new_page()
    page.set_viewport_size(PHONE)
    page.goto(_filled_in(address))
    assert not scrolls_sideways(page), page.evaluate(CUT_OFF)


def test_pages_with_something_selected_and_opened(page: Page, full_team: Team) -> None:
    for address in ("/videos/", "/datasets/", "/models/"):
        page.goto(address)
        page.get_by_label("Select all").check()
        expect(page.locator("#why-not")).to_contain_text("selected")
        page.locator("summary:visible").last.click()
        _check(page)


def test_empty_pages(page: Page) -> None:
    for address in ("/videos/", "/datasets/", "/models/"):
        page.goto(address)
        _check(page)


def test_the_pages_of_one_dataset_and_one_model(page: Page, full_team: Team) -> None:
    page.goto("/datasets/")
    page.get_by_role("link", name=WIDE).click()
    expect(page.get_by_role("heading", name="Frames")).to_be_visible()
    _check(page)
    page.goto(f"/models/{TrainingJob.objects.get(state=JobState.RUNNING).pk}/")
    _check(page)


def _import(page: Page) -> None:
    page.get_by_role("button", name="Import Dataset").click()


def _start(page: Page) -> None:
    page.get_by_label(f"Select {WIDE}").check()
    page.get_by_role("button", name="Start Training").click()


def _delete(page: Page) -> None:
    page.get_by_label(f"Select {WIDE}").check()
    page.get_by_role("button", name="Delete Datasets").click()


@pytest.mark.parametrize("open_it", [_import, _start, _delete])
def test_dialogs(open_it: Callable[[Page], None], page: Page, full_team: Team) -> None:
    page.goto("/datasets/")
    open_it(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    _check(page)
    page.emulate_media(color_scheme="dark")
    assert serious_problems(page) == []


def test_the_dialog_for_uploads_and_the_page_of_a_phone(page: Page, full_team: Team, settings, live_server) -> None:
    settings.ROOM_ADDRESSES = [live_server.url]
    page.goto("/videos/")
    page.get_by_role("button", name="Upload Video").click()
    page.get_by_label("One frame in every few").check()
    page.get_by_label("Files", exact=True).set_input_files({"name": f"{WIDE}.mp4", "mimeType": "", "buffer": b""})
    page.get_by_role("button", name="Use a Phone").click()
    address = page.get_by_alt_text("QR code for a phone").get_attribute("data-address")
    phone = page.context.new_page()
    phone.goto(address)
    expect(phone.get_by_text("You upload for")).to_be_visible()
    for shown in (page, phone):
        _check(shown)
        assert serious_problems(shown) == []  # as narrow as a phone
        shown.emulate_media(color_scheme="dark")
        assert serious_problems(shown) == []
        shown.set_viewport_size(SIZES[0])
        assert serious_problems(shown) == []


def test_the_pages_before_a_team_is_there(visitor: BrowserContext, outsider: User, live_server) -> None:
    page = visitor.new_page()
    page.goto("/sign-in/")
    _check(page)
    outsider.memberships.all().delete()
    sign_in(visitor, outsider, live_server.url)
    page.goto("/no-team/")
    _check(page)


def test_the_people_as_their_coach_sees_them(visitor: BrowserContext, coach: User, team: Team, live_server) -> None:
    of_two_teams = MembershipFactory(team=team, user__username=WIDE)
    MembershipFactory(user=of_two_teams.user)
    sign_in(visitor, coach, live_server.url)
    page = visitor.new_page()
    page.goto("/people/")
    _check(page)
    _add_webhook(page)
    happenings.test(Webhook.objects.get())
    for address in ("/webhooks/", f"/webhooks/{Webhook.objects.get().pk}/", "/notifications/"):
        page.goto(address)
        _check(page)


def _add_webhook(page: Page) -> None:
    """As a coach does: by the dialog, which shows the secret."""
    page.goto("/webhooks/")
    page.get_by_role("button", name="Add Webhook").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Address").fill(f"https://{WIDE}.example.org/")
    dialog.get_by_label("Training ended").check()
    assert serious_problems(page) == []
    dialog.get_by_role("button", name="Add Webhook").click()
    expect(dialog.locator("#secret")).to_contain_text("whsec_")
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("row", name="Training ended")).to_have_count(1)


def _addresses() -> list[str]:
    running = TrainingJob.objects.get(state=JobState.RUNNING)
    return ["/datasets/", "/models/", f"/datasets/{running.datasets.get().pk}/", f"/models/{running.pk}/"]


def test_the_keyboard_reaches_everything_in_order_and_one_sees_where_it_is(page: Page, full_team: Team) -> None:
    page.emulate_media(reduced_motion="reduce")  # the page is where the focus is at once
    for address in [*_addresses(), _filled_in("/videos/{video}/")]:
        page.goto(address)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        reachable = page.locator("main").locator(
            "a[href], button:enabled, input:enabled, select, summary, [tabindex='0']"
        )
        count = sum(one.is_visible() for one in reachable.all())
        places: list[int] = []
        while len(places) <= count:
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused["place"] == -1 or "skip-link" in focused["html"]:  # behind the last, or the first again
                break
            assert focused["isSeen"], focused["html"]
            places.append(focused["place"])
        assert len(places) == count
        assert places == sorted(places)


def test_the_focus_goes_back_to_the_button_that_opened_the_dialog(page: Page, full_team: Team) -> None:
    datasets, models, _, details = _addresses()
    ready, running = f"select-{Dataset.objects.get(state='READY').pk}", f"select-{details.split('/')[2]}"
    for address, select, name in (
        (datasets, "", "Import Dataset"),
        (datasets, ready, "Start Training"),
        (models, running, "Stop Training"),
        (details, "", "Stop Training"),
    ):
        page.goto(address)
        if select:
            page.locator(f"#{select}").check()
        opener = page.locator("main").get_by_role("button", name=name)
        expect(opener).to_be_enabled()
        opener.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(opener).to_be_focused()

    page.locator("#stop").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Stop Training").press("Enter")
    expect(page.locator("#stop")).to_be_hidden()
    expect(page.locator("main")).to_be_focused()


def test_a_page_that_refreshes_reads_nothing_out_while_a_job_only_goes_on(page: Page, full_team: Team) -> None:
    for address in _addresses()[1::2]:
        page.goto(address)
        page.evaluate(LISTEN)
        for step in (131, 132):
            TrainingJob.objects.filter(state=JobState.RUNNING).update(live_step=step)
            expect(page.get_by_text(f"Step {step} of")).to_be_visible()
        assert page.evaluate("window.readOut") == []
