"""Frames that a page shows during a motion, counted by the page itself."""

from collections.abc import Callable

from playwright.sync_api import Page

MOTION_SECONDS = 3.0
SLOW_MS = 34
"""A frame that takes longer is one that people see."""

COUNT_FRAMES = """() => {
  const gaps = [];
  let last = performance.now();
  const frame = (now) => { gaps.push(now - last); last = now; window.counting = requestAnimationFrame(frame); };
  window.gaps = gaps;
  window.counting = requestAnimationFrame(frame);
}"""


def frames(page: Page, motion: Callable[[], object]) -> tuple[float, float]:
    """Frames a second during a motion, and how many of a hundred took longer than 34 ms."""
    page.evaluate(COUNT_FRAMES)
    motion()
    gaps = [float(gap) for gap in page.evaluate("() => (cancelAnimationFrame(window.counting), window.gaps)")]
    return 1000 * len(gaps) / sum(gaps), 100 * sum(gap > SLOW_MS for gap in gaps) / len(gaps)
