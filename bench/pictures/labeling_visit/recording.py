"""A moving picture of parts of a visit: what Chromium shows, with the pointer and the keys, cut and made small.

An animated WebP, for pages of Markdown show it where it stands; of a WebM they show a link. Chromium sends its pictures
itself, for Playwright's own recording needs a program that isn't installed with it.
"""

import base64
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import CDPSession, Page

_SHOWN = (896, 504)
_A_SECOND = 6
_QUALITY = 35
# The last picture stays, so that one sees where it begins again.
_LAST_MS = 2000
# Chromium doesn't record the pointer. The words stand over the bar at the top, which takes no part.
_POINTER = """
addEventListener("DOMContentLoaded", () => {
  const add = (style, text) => {
    const element = document.createElement("div");
    element.textContent = text;
    Object.assign(element.style, { position: "fixed", zIndex: 2147483647, pointerEvents: "none" }, style);
    document.documentElement.append(element);
    return element;
  };
  const pointer = add({ left: "-50px", top: "0", width: "20px", height: "20px", borderRadius: "50%",
    margin: "-10px", background: "#ff3b3088", border: "2px solid white" }, "");
  const words = add({ left: "50%", top: "10px", transform: "translateX(-50%)", padding: "5px 16px", display: "none",
    borderRadius: "8px", background: "white", color: "#10262e", font: "bold 22px sans-serif" }, "");
  addEventListener("pointermove", (event) => {
    Object.assign(pointer.style, { left: `${event.clientX}px`, top: `${event.clientY}px` });
  }, true);
  for (const [name, color] of [["pointerdown", "#ff3b30"], ["pointerup", "#ff3b3088"]])
    addEventListener(name, () => { pointer.style.background = color; }, true);
  window.say = (text) => Object.assign(words.style, { display: text ? "" : "none" }) && (words.textContent = text);
});
"""


@dataclass
class Clip:
    """What Chromium showed, each picture (a JPEG) with the time since which it was seen.

    Args:
        start: as are the other times, in seconds since 1970.
    """

    start: float
    end: float = 0
    pictures: list[tuple[float, bytes]] = field(default_factory=list)

    def at(self, moment: float) -> bytes:
        """Return what was seen then."""
        seen = [picture for since, picture in self.pictures if since <= moment]
        return seen[-1] if seen else self.pictures[0][1]


class Recorder:
    """Keeps the parts of a visit that are worth seeing. `target`: the file that is to be written; None for none."""

    def __init__(self, target: Path | None) -> None:
        self._target = target
        # Whether what happens now is to be kept.
        self.is_on = True
        self._clips: dict[str, Clip] = {}
        self._page: Page | None = None
        self._chromium: CDPSession | None = None

    def begin(self, page: Page) -> None:
        """Record this page, from its next load on."""
        if not self._target:
            return
        page.add_init_script(_POINTER)
        self._page, self._chromium = page, page.context.new_cdp_session(page)
        self._chromium.on("Page.screencastFrame", self._take)

    @contextmanager
    def clip(self, words: str, most: float = 10) -> Iterator[None]:
        """Keep what happens meanwhile, with these words; `most` seconds of it, from its beginning.

        Of parts with the same words the first one is kept, and none within another.
        """
        is_new = words not in self._clips and all(clip.end for clip in self._clips.values())
        if not self._page or not self._chromium or not self.is_on or not is_new:
            yield
            return
        self._page.evaluate("words => window.say(words)", words)
        clip = self._clips[words] = Clip(time.time())
        self._chromium.send("Page.startScreencast", {"format": "jpeg", "quality": 90})
        try:
            yield
        finally:
            self._chromium.send("Page.stopScreencast")
            clip.end = min(time.time(), clip.start + most)
            self._page.evaluate("window.say('')")

    def _take(self, sent: dict[str, Any]) -> None:
        assert self._chromium
        self._chromium.send("Page.screencastFrameAck", {"sessionId": sent["sessionId"]})
        last = list(self._clips.values())[-1]
        last.pictures.append((sent["metadata"]["timestamp"], base64.b64decode(sent["data"])))

    def write(self) -> None:
        """Write the moving picture."""
        if not self._target:
            return
        first, *others = _frames([clip for clip in self._clips.values() if clip.pictures])
        times = [1000 // _A_SECOND] * len(others) + [_LAST_MS]
        first.save(
            self._target, save_all=True, append_images=others, duration=times, loop=0, quality=_QUALITY, method=4
        )
        seconds = (len(others) + 1) / _A_SECOND
        print(f"  {self._target}: {seconds:.0f} s, {self._target.stat().st_size / 1e6:.2f} MB")


def _frames(clips: list[Clip]) -> list[Image.Image]:
    """Return what was seen in the clips, so many pictures a second."""
    moments = [
        (clip, clip.start + step / _A_SECOND)
        for clip in clips
        for step in range(max(1, int((clip.end - clip.start) * _A_SECOND)))
    ]
    return [
        Image.open(io.BytesIO(clip.at(moment))).convert("RGB").resize(_SHOWN, Image.Resampling.LANCZOS)
        for clip, moment in moments
    ]
