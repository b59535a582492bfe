"""A person's hand at the label page: mouse and keyboard, at the pace of a person, and what the page shows."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from playwright.sync_api import Page, expect

from videos.tracking import corners
from videos.tracking.corners import overlap
from videos.tracking.tracker import Corners

# A practiced person. Each act has its time, so that the minutes of a visit are those of a person, not of a program.
LOOK_SECONDS, KEY_SECONDS, MOVE_SECONDS, DRAG_SECONDS = 0.3, 0.3, 0.4, 0.8
_STEPS = 10
_SHOWN_MS = 30_000
# Farther than that the strip is clicked; else the arrows are faster.
_FAR = 25
# From so many frames on, an arrow with Shift, which goes as far.
_ARROWS = 10
_SHOWN = """() => {
  const boxes = [...document.querySelectorAll("#stage .stage-boxes .box")].map((box) => {
    const side = (name) => Number(box.querySelector("rect").getAttribute(name));
    return {
      key: box.dataset.key, words: box.querySelector("text").textContent,
      corners: [side("x"), side("y"), side("x") + side("width"), side("y") + side("height")],
      isChosen: box.classList.contains("is-chosen"), isOpen: box.classList.contains("is-unconfirmed"),
    };
  });
  return boxes;
}"""
_SCORE = re.compile(r" \d+%$")


@dataclass(frozen=True)
class ShownBox:
    """A box that the page shows. `is_open`: a tracker or a model made it, and nobody has confirmed it."""

    key: str
    label: str
    corners: Corners
    is_chosen: bool
    is_open: bool


@dataclass
class Tally:
    """What a person did, action by action.

    Args:
        steps: keys and clicks that only lead somewhere, which are no actions.
        looks: how often she looked at a frame.
        log: the number of the frame and the kind of each action.
    """

    drawn: int = 0
    dragged: int = 0
    ended: int = 0
    confirmed: int = 0
    accepted: int = 0
    rejected: int = 0
    marked: int = 0
    steps: int = 0
    looks: int = 0
    log: list[tuple[int, str]] = field(default_factory=list)

    @property
    def actions(self) -> int:
        return self.drawn + self.dragged + self.ended + self.confirmed + self.accepted + self.rejected + self.marked


class Hand:
    """Places are in pixels of the frame."""

    def __init__(self, page: Page, frame_width: int) -> None:
        self.page, self.tally = page, Tally()
        self._frame_width = frame_width

    @property
    def number(self) -> int:
        """The frame that is shown, from 0."""
        words = self.page.locator("#place [data-number]").inner_text()
        return int(re.sub(r"\D", "", words.split(" of ")[0])) - 1

    @property
    def total(self) -> int:
        return int(self.page.locator("#label").get_attribute("data-total") or 0)

    def note(self, what: str) -> None:
        """Count an action."""
        setattr(self.tally, what, getattr(self.tally, what) + 1)
        self.tally.log.append((self.number, what))

    def boxes(self) -> list[ShownBox]:
        """Return the boxes of the frame that is shown."""
        return [_box(shown) for shown in self.page.evaluate(_SHOWN)]

    def box(self, label: str, near: Corners | None = None) -> ShownBox | None:
        """Return the box of that label, the nearest one where there are several."""
        found = [box for box in self.boxes() if box.label == label]
        return max(found, key=lambda box: overlap(box.corners, near) if near else 0, default=None)

    def wait(self, seconds: float) -> None:
        self.page.wait_for_timeout(seconds * 1000)

    def wait_until(self, is_so: Callable[[], bool], seconds: float = 60) -> bool:
        """Wait for something that the page shows; returns whether it came."""
        end = time.monotonic() + seconds
        while not (came := is_so()) and time.monotonic() < end:
            self.wait(0.1)
        return came

    def look(self) -> None:
        self.tally.looks += 1
        self.wait(LOOK_SECONDS)

    def press(self, key: str, counts: bool = True) -> None:
        self.page.keyboard.press(key)
        self.tally.steps += counts
        self.wait(KEY_SECONDS)

    def click(self, name: str) -> None:
        """Click a button by its name."""
        self.page.get_by_role("button", name=name, exact=True).click()
        self.tally.steps += 1
        self.wait(MOVE_SECONDS)

    def go_to(self, number: int) -> None:
        """Show a frame: a click on the strip, then arrows. The page may follow a tracker meanwhile."""
        if abs(number - self.number) > _FAR:
            self._click_strip(number)
        if not self.wait_until(partial(self._comes_nearer, number)):
            raise RuntimeError(f"Frame {number} isn't shown, but frame {self.number}.")

    def _click_strip(self, number: int) -> None:
        strip = self.page.locator("#strip-place").bounding_box()
        assert strip
        x, y = strip["x"] + strip["width"] * (number + 0.5) / self.total, strip["y"] + strip["height"] / 2
        self._move(x, y)
        self.page.mouse.click(x, y)
        self.tally.steps += 1
        self.wait(KEY_SECONDS)

    def _comes_nearer(self, number: int) -> bool:
        """Press an arrow where another frame is shown; returns whether this one's picture is."""
        before = self.number
        if before == number:
            return self.page.locator(f'#stage img[src$="/{number}.jpg"]').is_visible()
        arrow = "ArrowRight" if number > before else "ArrowLeft"
        self.page.keyboard.press(f"Shift+{arrow}" if abs(number - before) >= _ARROWS else arrow)
        self.tally.steps += 1
        self.wait_until(lambda: self.number != before, 10)
        return False

    def has_no(self, key: str) -> bool:
        """Whether a box isn't shown here any more."""
        return all(box.key != key for box in self.boxes())

    def sees(self, number: int) -> None:
        """Wait for a frame's picture."""
        expect(self.page.locator(f'#stage img[src$="/{number}.jpg"]')).to_be_visible(timeout=_SHOWN_MS)

    def draw(self, corners: Corners, label: str) -> None:
        """Draw a box, with the label chosen before by its digit."""
        self.press("Escape")
        chosen = self.page.locator("#labels [aria-pressed=true] [data-name]")
        if chosen.inner_text() != label:
            row = self.page.locator("#labels .side-row").filter(has_text=label)
            self.press(row.locator("kbd").inner_text())
        before = {box.key for box in self.boxes()}
        self._drag(corners[:2], corners[2:])
        self.wait_until(lambda: any(box.key not in before for box in self.boxes()), 10)
        self.note("drawn")

    def choose(self, box: ShownBox) -> None:
        """Click a box until it is the chosen one, as others may lie over it."""
        left, top, right, bottom = box.corners
        for _ in range(4):
            if [one.key for one in self.boxes() if one.is_chosen] == [box.key]:
                return
            self._move(*self._at((left + right) / 2, (top + bottom) / 2))
            self.page.mouse.click(*self._at((left + right) / 2, (top + bottom) / 2))
            self.tally.steps += 1
            self.wait(0.15)
        raise RuntimeError(f"frame {self.number}: the box {box} can't be chosen")

    def drag_corner(self, box: ShownBox, corner: int, to: Corners) -> None:
        """Drag one corner (0 to 3: left or right, then top or bottom) to where it is in `to`."""
        across, down = corner % 2 * 2, corner // 2 * 2 + 1
        self.choose(box)
        self._drag((box.corners[across], box.corners[down]), (to[across], to[down]))
        self.note("dragged")

    def move(self, box: ShownBox, to: Corners) -> None:
        """Drag a whole box, its middle to the middle of `to`."""
        self.choose(box)
        self._drag(_middle(box.corners), _middle(to))
        self.note("dragged")

    def choose_all(self) -> None:
        """Hold Shift and drag around everything."""
        picture = self._picture()
        self.page.keyboard.down("Shift")
        self._pull(
            (picture["x"] - 6, picture["y"] - 6),
            (picture["x"] + picture["width"] + 4, picture["y"] + picture["height"] + 4),
        )
        self.page.keyboard.up("Shift")
        self.tally.steps += 1

    def is_saved(self) -> None:
        expect(self.page.locator("#saving")).to_have_attribute("data-state", "saved", timeout=_SHOWN_MS)

    def _drag(self, start: tuple[float, ...], end: tuple[float, ...]) -> None:
        self._pull(self._at(*start), self._at(*end))

    def _pull(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        self._move(*start)
        mouse.down()
        for step in range(1, _STEPS + 1):
            part = step / _STEPS
            mouse.move(start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            self.wait(DRAG_SECONDS / _STEPS)
        mouse.up()
        self.wait(KEY_SECONDS)

    def _move(self, x: float, y: float) -> None:
        self.page.mouse.move(x, y, steps=4)
        self.wait(MOVE_SECONDS)

    def _picture(self) -> Any:
        return self.page.locator("#stage img").bounding_box()

    def _at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a place of the frame is in the window."""
        picture = self._picture()
        scale = picture["width"] / self._frame_width
        return picture["x"] + x * scale, picture["y"] + y * scale


def _middle(corners: Corners) -> tuple[float, float]:
    return (corners[0] + corners[2]) / 2, (corners[1] + corners[3]) / 2


def _box(shown: dict[str, Any]) -> ShownBox:
    label = _SCORE.sub("", shown["words"])
    return ShownBox(shown["key"], label, corners.of(shown["corners"]), shown["isChosen"], shown["isOpen"])
