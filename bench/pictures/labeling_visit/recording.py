"""A moving picture of parts of a visit: what Chromium recorded, with the pointer and the keys, cut and made small.

An animated WebP, for pages of Markdown show it where it stands; of a WebM they show a link.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
from PIL import Image
from playwright.sync_api import BrowserContext, Page

_SHOWN = (896, 504)
_A_SECOND = 6
_QUALITY = 45
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


@dataclass(frozen=True)
class Clip:
    """Seconds since the recording began."""

    start: float
    end: float


class Recorder:
    """Notes which parts of a visit are worth seeing. `target`: the file that is to be written; None for none."""

    def __init__(self, target: Path | None) -> None:
        self._target = target
        self._clips: dict[str, Clip] = {}
        self._began = 0.0
        self._page: Page | None = None

    def begin(self, context: BrowserContext) -> Page:
        """Open the page that is recorded."""
        if self._target:
            context.add_init_script(_POINTER)
        self._began = time.monotonic()
        self._page = context.new_page()
        return self._page

    @contextmanager
    def clip(self, words: str, most: float = 10) -> Iterator[None]:
        """Keep what happens meanwhile, with these words; `most` seconds of it, from its beginning.

        Of parts with the same words the first one is kept.
        """
        if not self._target or not self._page or words in self._clips:
            yield
            return
        self._clips[words] = Clip(0, 0)  # a part within this one doesn't count anew
        self._page.evaluate("words => window.say(words)", words)
        start = time.monotonic() - self._began
        try:
            yield
        finally:
            end = time.monotonic() - self._began
            self._page.evaluate("window.say('')")
            self._clips[words] = Clip(start, min(end, start + most))

    def write(self) -> None:
        """Write the moving picture; the page's context is closed by now, for only then Chromium's film is whole."""
        if not self._target or not self._page or not self._page.video:
            return
        first, *others = _frames(Path(self._page.video.path()), list(self._clips.values()))
        times = [1000 // _A_SECOND] * len(others) + [_LAST_MS]
        first.save(
            self._target, save_all=True, append_images=others, duration=times, loop=0, quality=_QUALITY, method=4
        )
        seconds = sum(clip.end - clip.start for clip in self._clips.values())
        print(f"  {self._target}: {seconds:.0f} s, {self._target.stat().st_size / 1e6:.2f} MB")


def _frames(film: Path, clips: list[Clip]) -> list[Image.Image]:
    """Return the frames of the film's clips, so many a second."""
    wanted = [
        clip.start + step / _A_SECOND for clip in clips for step in range(int((clip.end - clip.start) * _A_SECOND))
    ]
    found: list[Image.Image] = []
    with av.open(str(film)) as opened:
        for frame in opened.decode(video=0):
            while wanted and frame.time is not None and frame.time >= wanted[0]:
                picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
                found.append(picture.resize(_SHOWN, Image.Resampling.LANCZOS))
                wanted.pop(0)
    return found
