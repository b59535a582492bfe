"""The Try it page runs a real exported model in the browser, and finds what LiteRT finds in Python."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.core.files.base import ContentFile
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from datasets.models import Frame
from datasets.sample import scenes
from datasets.split import Split
from ftcml.accounts.models import Team, User
from ftcml.core.files import storage
from scripts import chromium
from tests.conftest import REAL_DATA
from tests.detector.conftest import detector, exported, exporter  # noqa: F401
from tests.detector.exported import LABELS, SIZE, chessboard, drawn_pictures, find_with_litert
from tests.factories import TrainingJobFactory, add_model
from tests.pages.conftest import ARGUMENTS, expire_sessions, scrolls_sideways, serious_problems, sign_in, wait_for
from training.models import Checkpoint, ModelFile, TrainingJob
from training.states import JobState

pytestmark = [pytest.mark.browser, pytest.mark.tensorflow]

SIZES = ({"width": 1280, "height": 720}, {"width": 1366, "height": 768}, {"width": 640, "height": 360})
# Of the boxes of the first label: --amber in palette.css.
CONE_COLOR = (0xFB, 0xBF, 0x24)
# Found on the first drawing with the page's first threshold.
SEEN = "Found: 1 × cone, 1 × cube."
# Has the model answer a second late, and counts what it was asked and has not answered.
SLOW_ANSWERS = """
window.awaited = 0;
const ask = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (...question) {
  window.awaited++;
  setTimeout(() => { ask.apply(this, question); window.awaited--; }, 1000);
};
"""
NO_ANSWER_IS_AWAITED = "window.awaited === 0"


@pytest.fixture
def job(team: Team, exported: Path) -> TrainingJob:  # noqa: F811
    """A finished model, with the same file as two variants."""
    job = TrainingJobFactory(team=team, labels=LABELS, state=JobState.SUCCEEDED, description="finder")
    for variant in ("float32", ModelFile.NEWEST):
        name = f"{job.prefix}/{variant}.tflite"
        storage.put(name, exported)
        add_model(job, variant, default=variant == "float32", step=200)
    Checkpoint.objects.create(job=job, step=200, lease_number=1, summary={"threshold": 0.504})
    return job


@pytest.fixture
def drawing() -> bytes:
    return _file(_drawing(), "PNG")


@pytest.fixture
def open_page(job: TrainingJob) -> Callable[[Page], None]:
    """Opens the Try it page and waits for its model."""

    def opened(page: Page) -> None:
        page.goto(f"/models/{job.pk}/try-it/")
        expect(page.get_by_text("The model is ready.")).to_be_visible()

    return opened


@pytest.fixture
def trial(page: Page, open_page: Callable[[Page], None]) -> Page:
    open_page(page)
    return page


def _file(picture: Image.Image, form: str) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form)
    return stream.getvalue()


def choose(page: Page, **files: bytes) -> None:
    """Choose the files with these contents; two underscores stand for the dot in a name."""
    kinds = {"png": "image/png", "jpg": "image/jpeg", "mp4": "video/mp4"}
    chosen = [(name.replace("__", "."), kinds[name.rpartition("__")[2]], content) for name, content in files.items()]
    page.locator("#files").set_input_files(
        [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in chosen]
    )


def drop(page: Page, content: bytes) -> None:
    """What a browser tells the page when a picture is dropped on it."""
    page.evaluate(
        """(bytes) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
            const told = { dataTransfer, bubbles: true, cancelable: true };
            document.getElementById("stage").dispatchEvent(new DragEvent("drop", told));
        }""",
        list(content),
    )


@dataclass(frozen=True)
class Seen:
    """`box`: [top, left, bottom, right] in pixels of the picture."""

    label: str
    score: float
    box: np.ndarray

    def is_among(self, others: list["Seen"]) -> bool:
        """Whether one of them has the label, is as sure within 0.02, and lies within two pixels."""
        return any(
            other.label == self.label
            and abs(other.score - self.score) < 0.02
            and np.abs(other.box - self.box).max() <= 2
            for other in others
        )


def _drawn_on(page: Page) -> list[Seen]:
    read = """(groups) => groups.map((group) => {
        const { x, y, width, height } = group.querySelector("rect").getBBox();
        return [...group.textContent.split(" "), [y, x, y + height, x + width]];
    })"""
    boxes = page.locator("#boxes g").evaluate_all(read)
    return [Seen(label, float(score), np.array(box)) for label, score, box in boxes]


def _found_in_python(model: Path, pixels: np.ndarray) -> list[Seen]:
    """What LiteRT finds in a picture [H, W, 3], which is squeezed as the server's evaluation squeezes it."""
    height, width = pixels.shape[:2]
    squeezed = cv2.resize(pixels, (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)
    sides = [height, width, height, width]
    return [Seen(found.label, found.score, found.box * sides) for found in find_with_litert(model, squeezed)]


def _drawing() -> Image.Image:
    return Image.fromarray(drawn_pictures(1)[0])


def _rendered() -> Image.Image:
    return scenes.render(np.random.default_rng(3), 3)[0]


# Of equally sure boxes either may be the tenth and last, so what is less sure is not compared.
@pytest.mark.parametrize(("picture", "least"), [(_drawing, 0.23), (_rendered, 0.16)])
def test_the_page_finds_what_litert_finds_in_python(
    picture: Callable[[], Image.Image],
    least: float,
    trial: Page,
    exported: Path,  # noqa: F811
) -> None:
    expected = _found_in_python(exported, np.asarray(picture()))
    trial.get_by_label("Minimum confidence").fill("0.01")
    choose(trial, picture__png=_file(picture(), "PNG"))
    expect(trial.get_by_role("status").filter(has_text="Found")).to_be_visible()
    shown = _drawn_on(trial)
    assert max(one.score for one in expected) > least
    assert [one for one in expected if one.score >= least and not one.is_among(shown)] == []
    assert [one for one in shown if one.score >= least and not one.is_among(expected)] == []


def test_nothing_of_a_dropped_picture_is_sent(page: Page, open_page: Callable[[Page], None], drawing: bytes) -> None:
    sent: list[str] = []
    page.context.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    open_page(page)
    assert any("model.tflite" in line for line in sent), "requests of the worker are not recorded"
    sent.clear()
    drop(page, drawing)
    expect(page.get_by_role("status").filter(has_text=SEEN)).to_be_visible()
    expect(page.get_by_role("list", name="What was found").get_by_role("listitem")).to_have_count(2)
    # The picture is read from memory; the head of the page asks for the model's state, as on every page.
    assert [line for line in sent if "blob:" not in line and "/head/" not in line] == []


def test_a_picture_that_comes_while_the_model_is_loaded_waits(page: Page, job: TrainingJob, drawing: bytes) -> None:
    held: list[Route] = []
    page.route("**/model.tflite*", lambda route: held.append(route))
    with page.expect_request("**/model.tflite*"):
        page.goto(f"/models/{job.pk}/try-it/")
    choose(page, drawing__png=drawing)
    expect(page.get_by_role("progressbar", name="Loading the model…")).to_be_visible()
    expect(page.get_by_role("img", name="The picture the model looks at")).to_be_visible()
    held[0].continue_()
    expect(page.get_by_role("status").filter(has_text=SEEN)).to_be_visible()
    expect(page.get_by_text("Loading the model…")).to_be_hidden()


def test_the_threshold_starts_as_advised_and_hides_what_is_less_sure(trial: Page, drawing: bytes) -> None:
    slider = trial.get_by_label("Minimum confidence")
    expect(slider).to_have_value("0.5")
    expect(trial.get_by_text("Suggested minimum confidence: 0.50")).to_be_visible()
    choose(trial, drawing__png=drawing)
    expect(trial.locator("#boxes g")).to_have_text(["cube 0.69", "cone 0.80"])
    slider.fill("0.7")
    expect(trial.locator("#boxes g")).to_have_text(["cone 0.80"])
    slider.fill("0.9")
    expect(trial.locator("#found li")).to_have_count(0)
    assert trial.locator("#found-sentence").inner_text() == "Nothing found with confidence 0.90 or higher."
    expect(trial.get_by_role("status").filter(has_text="Nothing found with confidence 0.90 or higher.")).to_be_visible()


def test_several_pictures_one_after_the_other(trial: Page, drawing: bytes) -> None:
    empty = _file(Image.fromarray(chessboard()), "JPEG")
    choose(trial, first__png=drawing, second__jpg=empty, third__jpg=b"no picture")
    expect(trial.get_by_text("1 of 3: first.png")).to_be_visible()
    trial.get_by_role("button", name="Next").click()
    expect(trial.get_by_text("2 of 3: second.jpg")).to_be_visible()
    expect(trial.get_by_role("status").filter(has_text="Nothing found")).to_be_visible()
    trial.get_by_role("button", name="Next").click()
    expect(trial.get_by_text("can't read that as a picture")).to_be_visible()
    trial.get_by_role("button", name="Previous").click()
    expect(trial.get_by_text("2 of 3: second.jpg")).to_be_visible()
    expect(trial.get_by_text("can't read that as a picture")).to_be_hidden()


def test_a_video_is_followed_and_stepped_through(trial: Page) -> None:
    path = REAL_DATA / "bikes.mp4"
    if not path.exists():
        pytest.skip(f"{path} is absent: put the video there, or name its folder in FTCML_TEST_DATA")
    trial.get_by_label("Minimum confidence").fill("0.01")
    choose(trial, bikes__mp4=path.read_bytes())
    video = trial.locator("#video")
    video.evaluate("(video) => (video.loop = true)")  # on a busy computer it would end before it is paused
    expect(trial.locator("#frames-a-second")).not_to_have_text("–")
    video.evaluate("(video) => video.pause()")
    before = video.evaluate("(video) => video.currentTime")
    boxes = trial.locator("#boxes").inner_html()
    trial.get_by_role("button", name="0.1 s forward").click()
    expect(trial.locator("#boxes")).not_to_have_js_property("innerHTML", boxes)
    assert video.evaluate("(video) => video.currentTime") == pytest.approx(before + 0.1, abs=0.05)
    # Painted behind the video, the boxes would show at its edges alone: a few hundred pixels.
    assert _pixels_like(trial.locator("#stage").screenshot(), CONE_COLOR) > 3000


def test_a_frame_that_comes_while_the_last_one_is_looked_at_gets_its_own_boxes(page: Page, open_page) -> None:
    path = REAL_DATA / "bikes.mp4"
    if not path.exists():
        pytest.skip(f"{path} is absent: put the video there, or name its folder in FTCML_TEST_DATA")
    page.add_init_script(SLOW_ANSWERS)
    open_page(page)
    page.get_by_label("Minimum confidence").fill("0.01")
    choose(page, bikes__mp4=path.read_bytes())
    expect(page.locator("#frames-a-second")).not_to_have_text("–")
    page.locator("#video").evaluate("(video) => video.pause()")
    wait_for(page, NO_ANSWER_IS_AWAITED)
    boxes, step = page.locator("#boxes"), page.get_by_role("button", name="0.1 s forward")
    before = boxes.inner_html()
    step.click()
    wait_for(page, "window.awaited > 0")
    step.click()
    expect(boxes).not_to_have_js_property("innerHTML", before)
    of_the_first_step = boxes.inner_html()
    expect(boxes).not_to_have_js_property("innerHTML", of_the_first_step)


def _pixels_like(screenshot: bytes, color: tuple[int, int, int]) -> int:
    """How many pixels have that color, nearly."""
    pixels = np.asarray(Image.open(io.BytesIO(screenshot)).convert("RGB")).astype(int)
    return int((np.abs(pixels - color).max(axis=-1) < 12).sum())


def test_an_evaluation_frame_instead_of_a_camera(page: Page, job: TrainingJob, open_page, drawing: bytes) -> None:
    frame = {"split": Split.EVALUATION, "filename": "drawn.png", "width": SIZE, "height": SIZE}
    kept = Frame.objects.create(dataset=job.datasets.get(), number=0, **frame)
    storage.put(kept.picture_name, ContentFile(drawing))
    open_page(page)
    page.get_by_text("Use one of your evaluation frames").click()
    page.get_by_role("button", name="Evaluation frame 1: drawn.png").click()
    expect(page.get_by_role("status").filter(has_text=SEEN)).to_be_visible()


def test_another_variant_looks_at_the_same_picture_and_the_first_is_given_back(trial: Page, drawing: bytes) -> None:
    choose(trial, drawing__png=drawing)
    expect(trial.locator("#boxes g")).to_have_count(2)
    first = trial.workers[0]
    with first.expect_event("close"):
        trial.get_by_label("Model file").select_option("newest")
    expect(trial.get_by_text("The model is ready.")).to_be_visible()
    expect(trial.locator("#boxes g")).to_have_count(2)
    assert len(trial.workers) == 1


def test_a_model_that_cannot_be_fetched(trial: Page, drawing: bytes) -> None:
    expire_sessions()
    trial.get_by_label("Model file").select_option("newest")
    expect(trial.get_by_text("couldn't download the model")).to_be_visible()
    choose(trial, drawing__png=drawing)
    expect(trial.get_by_text("1 of 1: drawing.png")).to_be_visible()
    expect(trial.get_by_text("couldn't download the model")).to_be_visible()


@pytest.fixture
def with_camera(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Browser]]:
    """A browser with further arguments, whose camera films the first drawing."""
    film = tmp_path / "film.y4m"
    planes = cv2.cvtColor(drawn_pictures(1)[0], cv2.COLOR_RGB2YUV_I420).tobytes()
    film.write_bytes(b"YUV4MPEG2 W%d H%d F30:1 Ip A1:1 C420\n" % (SIZE, SIZE) + (b"FRAME\n" + planes) * 2)
    camera = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}")
    windows: list[Browser] = []

    def opened(*arguments: str) -> Browser:
        path = chromium.installed()
        windows.append(browser.browser_type.launch(executable_path=path, args=[*ARGUMENTS, *camera, *arguments]))
        return windows[-1]

    yield opened
    for window in windows:
        window.close()


def _visit(window: Browser, member: User, address: str) -> tuple[BrowserContext, Page]:
    context = window.new_context(base_url=address)
    sign_in(context, member, address)
    return context, context.new_page()


def test_the_camera(with_camera, member: User, live_server, open_page) -> None:
    _, page = _visit(with_camera("--use-fake-ui-for-media-stream"), member, live_server.url)
    open_page(page)
    page.get_by_role("button", name="Start camera").click()
    expect(page.get_by_role("status").filter(has_text=SEEN)).to_be_visible()
    expect(page.get_by_label("Camera", exact=True).get_by_role("option")).not_to_have_count(0)
    expect(page.locator("#frames-a-second")).not_to_have_text("–")
    track = page.locator("#video").evaluate_handle("(video) => video.srcObject.getVideoTracks()[0]")
    page.get_by_role("button", name="Stop camera").click()
    expect(page.get_by_role("button", name="Start camera")).to_be_visible()
    assert track.evaluate("(track) => track.readyState") == "ended"


def test_a_camera_that_is_not_allowed(with_camera, member: User, live_server, open_page) -> None:
    _, page = _visit(with_camera("--use-fake-ui-for-media-stream=deny"), member, live_server.url)
    open_page(page)
    page.get_by_role("button", name="Start camera").click()
    expect(page.get_by_text("Your browser blocked the camera.")).to_be_visible()
    expect(page.get_by_role("button", name="Start camera")).to_be_visible()


def test_there_is_no_camera(trial: Page) -> None:
    trial.context.grant_permissions(["camera"])
    trial.get_by_role("button", name="Start camera").click()
    expect(trial.get_by_text("We found no camera.")).to_be_visible()


def test_plain_http_from_another_machine_has_no_camera(with_camera, member, live_server, settings, open_page) -> None:
    settings.ALLOWED_HOSTS = ["school.test"]
    address = live_server.url.replace("localhost", "school.test")
    _, page = _visit(with_camera("--host-resolver-rules=MAP school.test 127.0.0.1"), member, address)
    open_page(page)
    page.get_by_role("button", name="Start camera").click()
    expect(page.get_by_text("this page is http")).to_be_visible()


def test_everybody_can_use_it(trial: Page, drawing: bytes) -> None:
    choose(trial, drawing__png=drawing)
    expect(trial.locator("#boxes g")).to_have_count(2)
    assert serious_problems(trial) == []
    for size in SIZES:
        trial.set_viewport_size(size)
        assert not scrolls_sideways(trial)
