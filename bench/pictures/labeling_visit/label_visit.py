"""From a video to a model that is tried, in a real Chromium on a server of its own, as a new user labels.

    python -m bench label_visit --data bikes.mp4 --steps 200                       the figures
    python -m bench label_visit --data bikes.mp4 --steps 200 --pictures var/visit  pictures of the steps too
    python -m bench label_visit --data bikes.mp4 --steps 200 --record docs/images/label.webp

Everything is done by mouse and keyboard, at the pace of a person. Where things are in the film is read from a file that
somebody wrote by looking at it (eyes.py). It prints the actions and the minutes.
"""

import argparse
import time
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, expect

from bench.pictures.labeling_visit import eyes
from bench.pictures.labeling_visit.hand import Hand, Tally
from bench.pictures.labeling_visit.recording import Recorder
from bench.pictures.labeling_visit.story import Story, timed
from bench.pictures.video_visit import VideoVisit, frames_of
from bench.pictures.visited_server import visited
from bench.server.local_server import LocalServer


class LabelVisit(VideoVisit):
    """One visitor's window, from a video over its labels to a model."""

    dataset, model = "bicycles", "bicycle finder"

    def open_label_page(self, video: str) -> None:
        page = self.page
        page.get_by_role("link", name=video).click()
        page.get_by_role("link", name="Label", exact=True).click()
        expect(page.locator("#stage img")).to_be_visible()
        page.wait_for_load_state("networkidle")

    def try_it(self) -> None:
        page = self.page
        page.get_by_role("link", name=self.model).first.click()
        self._turn_to("Try it")
        expect(page.get_by_text("The model is ready.")).to_be_visible(timeout=60_000)
        page.get_by_text("Use one of your evaluation frames").click()
        page.locator("[data-picture]").first.click()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(3000)
        self.picture("label-tried")


def told(tally: Tally, labeled: int, labeling_seconds: float, seconds: float) -> str:
    """Return the figures as a table."""
    rows: list[tuple[str, float]] = [
        ("boxes drawn", tally.drawn),
        ("drags", tally.dragged),
        ("ends", tally.ended),
        ("stretches and frames confirmed", tally.confirmed),
        ("proposals accepted: one frame, or many at once", tally.accepted),
        ("proposals rejected", tally.rejected),
        ("frames marked as empty or ignored", tally.marked),
        ("actions", tally.actions),
        ("keys and clicks beside them", tally.steps),
        ("frames labeled", labeled),
        ("actions per 100 labeled frames", round(100 * tally.actions / max(labeled, 1), 1)),
        ("minutes of labeling", round(labeling_seconds / 60, 1)),
        ("minutes from the sign-in to the tried model", round(seconds / 60, 1)),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in rows)


def main() -> None:
    options = _options()
    recorder = Recorder(options.record)
    with visited(options.pictures) as place:
        recorder.begin(place.page)
        try:
            _visit(place.server, place.page, options, recorder)
        except Exception:
            place.page.screenshot(path=options.pictures / "label-stopped.png")
            raise
        finally:
            recorder.write()


def _visit(server: LocalServer, page: Page, options: argparse.Namespace, recorder: Recorder) -> None:
    name = options.data.stem
    _listen(page)
    visit = LabelVisit(page, options.pictures)
    began = time.monotonic()
    with timed("signing in and uploading"):
        visit.sign_in(*server.demo_account())
        visit.upload(options.data)
    client = server.demo_client()
    (video,) = [one for one in client.get("videos/")["results"] if one["description"] == name]
    in_film = [frame["number_in_video"] for frame in frames_of(client, video["id"])]
    print(f"  {len(in_film)} frames", flush=True)
    labeling = time.monotonic()
    visit.open_label_page(name)
    hand = Hand(page, video["width"])
    Story(hand, eyes.read(options.eyes), in_film, visit.picture, recorder).tell()
    labeling_seconds = time.monotonic() - labeling
    labeled = sum(frame["finished"] and not frame["ignored"] for frame in frames_of(client, video["id"]))
    with timed("producing and training"):
        visit.produce(name)
        visit.train(options.steps)
    visit.try_it()
    print(told(hand.tally, labeled, labeling_seconds, time.monotonic() - began))


def _listen(page: Page) -> None:
    """Tell what goes wrong in the page's scripts."""

    def tell(said: ConsoleMessage) -> None:
        is_chatter = "/litert/" in said.location["url"]  # of the engine that runs models: it tells all as errors
        if said.type == "error" and not is_chatter:
            print(f"  the console says: {said.text} {said.location}")

    page.on("console", tell)
    page.on("pageerror", lambda error: print(f"  an error on the page: {error}"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a video")
    parser.add_argument("--eyes", type=Path, default=eyes.BIKES, help="where its things are (default: of bikes.mp4)")
    parser.add_argument("--pictures", type=Path, default=Path("var/label_visit"), help="default: %(default)s")
    parser.add_argument("--record", type=Path, help="the moving picture that is to be written")
    parser.add_argument("--steps", type=int, default=200, help="of the training (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
