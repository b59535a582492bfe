"""What a page asks of a person: clicks so far, and the words on the screen."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

# Before any script of a page: counts a person's clicks over all pages of a tab.
_COUNT_CLICKS = """
addEventListener("click", (event) => {
  const isOwn = event.detail > 0;  // 0: a script's, or the one that a label passes on to its box
  if (isOwn) sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks") || 0) + 1);
}, { capture: true });
"""
# The words that can be read without scrolling: those of an open dialog alone, for it hides the page.
_WORDS = """() => {
  const top = document.querySelector("dialog[open]") || document.body;
  const texts = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (texts.nextNode()) {
    const text = texts.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const place = range.getBoundingClientRect();
    const isSeen = place.width > 1 && place.height > 1 && place.bottom > 0 && place.top < innerHeight;
    if (isSeen) words += text.data.trim().split(/\\s+/).length;
  }
  return words;
}"""


@dataclass(frozen=True)
class Effort:
    """Clicks since the tab was opened, and words on the screen now."""

    clicks: int
    words: int

    def __str__(self) -> str:
        return f"{self.clicks} clicks, {self.words} words"


def count_clicks(context: BrowserContext) -> None:
    """Count the clicks on every page that `context` opens from now on."""
    context.add_init_script(_COUNT_CLICKS)


def effort(page: Page) -> Effort:
    """Return what `page` has asked of a person until now."""
    return Effort(page.evaluate("Number(sessionStorage.getItem('clicks') || 0)"), page.evaluate(_WORDS))
