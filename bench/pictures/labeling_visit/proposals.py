"""A careful person with a model's help: the quick assistant, and the boxes that it proposes."""

import re
import time

from playwright.sync_api import expect

from bench.labeling.person import GOOD
from bench.pictures.labeling_visit.labeler import Labeler
from bench.pictures.labeling_visit.recording import Recorder
from videos.tracking.corners import overlap

_TRAINED_MS = 1_800_000
# So many frames she accepts one by one; then she only corrects, and accepts the rest at once.
_ONE_BY_ONE = 5


class Assisted:
    """The part of a labeler's work in which a model proposes boxes."""

    def __init__(self, labeler: Labeler, recorder: Recorder) -> None:
        self._labeler, self._hand, self._recorder = labeler, labeler.hand, recorder
        self._page = labeler.hand.page

    def begin_assistant(self) -> str:
        """The one click; returns what the page said of its costs before."""
        button = self._page.get_by_role("button", name="Train a Quick Assistant")
        if not button.is_visible():
            self._page.get_by_text("Quick assistant", exact=True).click()
        expect(button).to_be_visible(timeout=30_000)
        said = self._page.locator("details.helpers-assistant").inner_text()
        with self._recorder.clip("20 frames are labeled: one click trains a quick assistant"):
            self._hand.click("Train a Quick Assistant")
            self._hand.wait(1)
        expect(self._page.get_by_text(re.compile("^The quick assistant"))).to_be_visible(timeout=30_000)
        return " ".join(said.split())

    def await_proposals(self) -> float:
        """Wait for the assistant's proposals; returns the seconds."""
        began = time.monotonic()
        expect(self._page.locator("#run-done")).to_be_visible(timeout=_TRAINED_MS)
        return time.monotonic() - began

    def decide(self) -> None:
        """Look at each frame with proposals, and make it right; accept what is left at once."""
        visited: set[int] = set()
        with self._recorder.clip("Its proposals: correct, reject, or accept with Enter", 12):
            while self._page.locator("#helpers-waiting").is_visible():
                self._hand.press(".")
                number = self._hand.number
                if number in visited:
                    break
                visited.add(number)
                self._hand.sees(number)
                self._hand.look()
                self._decide_here(number, accepts=len(visited) <= _ONE_BY_ONE)
        with self._recorder.clip("Accept the rest at once"):
            self._accept_rest()
            self._hand.is_saved()

    def _decide_here(self, number: int, accepts: bool) -> None:
        labeler, hand = self._labeler, self._hand
        seen = labeler.seen(number)
        if labeler.is_unclear(number):
            hand.press("i", counts=False)
            hand.note("marked")
            return
        if not seen:
            hand.press("n", counts=False)
            hand.note("marked")
            return
        self._reject_false(number)
        labeler.make_right(number)
        if accepts or not any(box.is_open for box in hand.boxes()):
            hand.press("Enter", counts=False)
            hand.note("accepted")

    def _reject_false(self, number: int) -> None:
        """Delete proposals that show nothing of that label, and second ones of the same thing."""
        seen, hand = self._labeler.seen(number), self._hand
        best = {label: hand.box(label, corners) for label, corners in seen.items()}
        for box in hand.boxes():
            kept = best.get(box.label)
            is_right = kept and kept.key == box.key and overlap(box.corners, seen[box.label]) > GOOD / 2
            if box.is_open and not is_right:
                hand.choose(box)
                hand.press("Delete", counts=False)
                hand.note("rejected")

    def _accept_rest(self) -> None:
        waiting = self._page.locator("#helpers-waiting")
        if not waiting.is_visible():
            return
        self._page.get_by_text("Accept or reject many").click()
        self._page.locator("#sure-from").fill("5")
        self._page.locator("#sure-finishes").check()
        self._hand.tally.steps += 3
        waiting.get_by_role("button", name=re.compile("^Accept [0-9]")).click()
        self._hand.note("accepted")
        expect(waiting).to_be_hidden(timeout=30_000)
