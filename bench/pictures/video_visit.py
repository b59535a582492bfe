"""From a video to a model, played in a real Chromium on a server of its own: upload, look, produce, train, download.

    python -m bench video_visit --data bikes.mp4                         the pictures go to docs/images/
    python -m bench video_visit --data bikes.mp4 --pictures var/visit    or elsewhere

A program draws the boxes of every third frame over the API, as nobody is there to do it: around people. The rest is
done by clicks, as a newcomer would, who has neither a dataset nor a model.
"""

import argparse
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from bench.pictures.first_visit import PICTURES, TRAINED_SECONDS, Visit
from bench.pictures.visited_server import visited
from bench.server.client import Client

UPLOAD_SECONDS = 120
EVERY = 3


class VideoVisit(Visit):
    """One visitor's window, from a video on. `dataset` and `model` are the names that the visitor gives."""

    dataset, model = "people in the street", "people finder"

    def upload(self, video: Path) -> None:
        page = self.page
        page.goto("/videos/")
        self.picture("videos-empty")
        page.get_by_role("button", name="Upload Video").first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        page.wait_for_load_state("networkidle")
        self.picture("upload")
        dialog.locator("input[type=file]").first.set_input_files(video)
        dialog.get_by_role("button", name=re.compile("^Upload")).click()
        began = time.monotonic()
        row = page.get_by_role("row", name=video.stem)
        expect(row).to_be_visible(timeout=UPLOAD_SECONDS * 1000)
        expect(row).to_contain_text("READY", timeout=UPLOAD_SECONDS * 1000)
        print(f"  from the click on Upload to all frames: {time.monotonic() - began:.1f} s")

    def look_at_the_frames(self, video: str) -> None:
        page = self.page
        page.get_by_role("link", name=video).click()
        page.wait_for_load_state("networkidle")
        self.picture("video")

    def produce(self, video: str) -> None:
        page = self.page
        page.goto("/videos/")
        page.get_by_label(f"Select {video}").check()
        self.picture("videos")
        page.get_by_role("button", name="Produce Dataset").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Description").fill(self.dataset)
        page.wait_for_load_state("networkidle")
        self.picture("produce")
        dialog.get_by_role("button", name="Produce").click()
        page.goto("/datasets/")
        expect(page.get_by_role("row", name=self.dataset)).to_contain_text("READY", timeout=60_000)
        page.get_by_role("link", name=self.dataset).click()
        page.wait_for_load_state("networkidle")
        self.picture("produced-dataset")

    def train(self, steps: int) -> None:
        page = self.page
        page.get_by_role("button", name="Start Training").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Number of Training Steps").fill(str(steps))
        dialog.get_by_label("Description").fill(self.model)
        expect(dialog.locator("#plan-epochs")).not_to_have_text("")
        dialog.get_by_role("button", name="Start Training").click()
        row = page.get_by_role("row", name=self.model)
        expect(row).to_contain_text("SUCCEEDED", timeout=TRAINED_SECONDS * 1000)
        page.get_by_label(f"Select {self.model}").check()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download Model").click()
        print(f"  a model of {Path(download.value.path()).stat().st_size:,} bytes")


def label_people(client: Client, video: dict[str, Any]) -> int:
    """Finish every third frame of the video with boxes around its people; returns how many boxes."""
    from bench.pictures.people_boxes import PeopleFinder  # TensorFlow takes its time

    finder, boxes = PeopleFinder(), 0
    for frame in frames_of(client, video["id"]):
        if frame["number"] % EVERY:
            continue
        where = f"videos/{video['id']}/frames/{frame['number']}"
        found = finder.find(Image.open(io.BytesIO(client.get_bytes(f"{where}.jpg"))))
        given = [{"label": "person", **vars(box)} for box in found]
        client.put(f"{where}/boxes/", {"boxes": given, "finished": True, "version": frame["version"]})
        boxes += len(given)
    return boxes


def frames_of(client: Client, video: str) -> Iterator[dict[str, Any]]:
    """Yield the frames of a video, page by page."""
    path = f"videos/{video}/frames/"
    while path:
        answer = client.get(path)
        yield from answer["results"]
        path = (answer["next"] or "").partition("/api/v1/")[2]


def main() -> None:
    options = _options()
    with visited(options.pictures) as place:
        visit = VideoVisit(place.page, options.pictures)
        name = options.data.stem
        began = time.monotonic()
        visit.sign_in(*place.server.demo_account())
        visit.upload(options.data)
        client = place.server.demo_client()
        (video,) = [video for video in client.get("videos/")["results"] if video["description"] == name]
        print(f"  {label_people(client, video)} boxes around people", flush=True)
        visit.look_at_the_frames(name)
        visit.produce(name)
        visit.train(options.steps)
        print(f"From the sign-in to the model: {(time.monotonic() - began) / 60:.1f} minutes")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a video with people in it")
    parser.add_argument("--pictures", type=Path, default=PICTURES, help="folder for them (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=200, help="of the training (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
