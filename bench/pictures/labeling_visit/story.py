"""How the frames of a film get their boxes: scene after scene with trackers, and the last one with a model's help."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.pictures.labeling_visit.eyes import Eyes, Thing
from bench.pictures.labeling_visit.hand import Hand
from bench.pictures.labeling_visit.labeler import Labeler
from bench.pictures.labeling_visit.proposals import Assisted
from bench.pictures.labeling_visit.recording import Recorder

# A quick assistant learns from so many labeled frames at least.
_ENOUGH = 20
# Before it, she labels so many frames of the scene that it shall label.
_BY_HAND = 4
# So many frames with nothing in them she marks as that.
_EMPTY = 5


@contextmanager
def timed(part: str) -> Iterator[None]:
    """Tell how long a part of the visit took."""
    began = time.monotonic()
    yield
    print(f"  {part}: {time.monotonic() - began:.0f} s", flush=True)


class Story:
    """`film`: the number in the film of each frame. `picture`: takes one of the page, with a name."""

    def __init__(
        self, hand: Hand, eyes: Eyes, film: list[int], picture: Callable[[str], None], recorder: Recorder
    ) -> None:
        self._hand, self._eyes, self._film, self._picture, self._recorder = hand, eyes, film, picture, recorder
        self._labeler = Labeler(hand, eyes, film, recorder)
        self._assisted = Assisted(self._labeler, recorder)

    def tell(self) -> None:
        *scenes, last = self._eyes.scenes()
        for label in dict.fromkeys(thing.label for thing in self._eyes.things):
            self._labeler.make_label(label)
        while scenes and self._labeled() < _ENOUGH:
            self._track(scenes.pop(0))
        self._by_hand(last)
        with timed("from the click on the quick assistant to its proposals"):
            self._recorder.is_on = True
            print(f"  the page says: {self._assisted.begin_assistant()}")
            self._picture("label-assistant-begun")
            for scene in scenes:
                self._track(scene)
            self._mark_empty()
            self._recorder.is_on = True
            waited = self._assisted.await_proposals()
        print(f"  of these, nothing was left to label for {waited:.0f} s")
        self._picture("label-proposals")
        with timed("deciding proposals"):
            self._assisted.decide()
        self._picture("label-decided")

    def _labeled(self) -> int:
        return int(self._hand.page.locator("#strip-count").inner_text().split()[0].replace(",", ""))

    def _track(self, scene: list[Thing]) -> None:
        """Label a scene by following its things, from the first to the last frame."""
        labeler, frames = self._labeler, self._labeler.frames_of(scene)
        self._recorder.is_on = len(scene) > 1
        name = f"label-scene-{frames[0] + 1}"
        with timed(f"tracking frames {frames[0] + 1} to {frames[-1] + 1}"):
            watched = labeler.begin_tracking(scene)
            self._picture(f"{name}-begun")
            with self._recorder.clip("Look at each frame. Drag right what is off", 9):
                labeler.watch(watched)
            self._picture(f"{name}-watched")
            with self._recorder.clip("It's gone: End Here. All right: Confirm"):
                if frames[-1] + 1 < len(self._film):
                    labeler.end(frames[-1] + 1)
                labeler.confirm(frames[-1])
            self._picture(f"{name}-confirmed")

    def _by_hand(self, scene: list[Thing]) -> None:
        frames = self._labeler.frames_of(scene)
        with timed(f"{_BY_HAND} frames by hand"):
            for place in range(_BY_HAND):
                self._labeler.draw_all(frames[len(frames) * place // _BY_HAND])

    def _mark_empty(self) -> None:
        """Say of some frames that nothing is in them."""
        labeler = self._labeler
        empty = [n for n in range(len(self._film)) if not labeler.seen(n) and not labeler.is_unclear(n)]
        for place in range(_EMPTY):
            self._hand.go_to(empty[len(empty) * place // _EMPTY])
            self._hand.look()
            self._hand.press("n", counts=False)
            self._hand.note("marked")
