"""How soon a visit shows something and takes words: on this machine, and as on a phone with a slow line.

Slow: 1.6 Mbit/s and 150 ms each way, a processor four times slower, a window of 412 x 823; all by the browser's own
emulation. Every visit is on a profile with nothing cached. The budgets are those that the client was planned with.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, ViewportSize

from tests.web.people import DEADLINE_MS, Person, put_caret, sign_in, wait_until

LARGEST_PAINT = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
    .observe({ type: 'largest-contentful-paint', buffered: true });
  setTimeout(() => resolve(performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0), 2000);
})"""
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) sum += value;
  }).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => resolve(sum), 100);
})"""
PAINTED = """() => new Promise((done) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(performance.now());
  channel.port2.postMessage(null);
}))"""

WATCH_KEYS = """() => {
  window.keyed = [];
  addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => keyed.push(performance.now() - timeStamp);
    channel.port2.postMessage(null);
  }), { capture: true });
}"""
"""Notes how long each key takes until what it did is painted."""
PALETTE_SHOWN = """() => new Promise((done) => {
  let start;
  const look = () => {
    if (document.querySelector('.palette-item')) done(performance.now() - start);
    else requestAnimationFrame(look);
  };
  addEventListener('keydown', ({ key, timeStamp }) => {
    if (key !== 'k') return;
    start = timeStamp;
    look();
  }, { capture: true });
})"""
KEYS = "the quick brown fox jumps over it"
KEY_EVERY_MS = 60


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a visit has to put up with; budgets in milliseconds."""

    name: str
    is_slow: bool
    login_budget: int
    workspace_budget: int
    typing_budget: int


HERE = Conditions("here", False, 800, 1500, 2000)
SLOW = Conditions("slow line, slow phone", True, 2000, 3000, 4500)
SHIFT_BUDGET = 0.1


@contextmanager
def visit(browser: Browser, owner: Person, conditions: Conditions, is_signed_in: bool = True) -> Iterator[Page]:
    """A page in a profile that knows at most the sign-in."""
    small, large = ViewportSize(width=412, height=823), ViewportSize(width=1280, height=800)
    context = browser.new_context(
        base_url=owner.line.target_url, viewport=small if conditions.is_slow else large, service_workers="block"
    )
    if is_signed_in:
        sign_in(context, owner.email)
    page = context.new_page()
    page.set_default_timeout(DEADLINE_MS * 2)
    if conditions.is_slow:
        session = context.new_cdp_session(page)
        line = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", line)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    with context:
        yield page


def measure_visits(
    browser: Browser, owner: Person, workspace: str, note: str, add: Callable[[str, float], None]
) -> None:
    """One round; `workspace` and `note` are paths."""
    for conditions in (HERE, SLOW):
        name = conditions.name
        with visit(browser, owner, conditions, is_signed_in=False) as page:
            page.goto("/login")
            largest = float(page.evaluate(LARGEST_PAINT))
            add(f"{name}: sign-in, largest paint, ms (budget {conditions.login_budget})", largest)
        with visit(browser, owner, conditions) as page:
            page.goto(workspace, wait_until="commit")
            wait_until(page, "() => document.querySelector('[data-note]') !== null")
            drawn = float(page.evaluate(PAINTED))
            first = float(page.evaluate(FIRST_PAINT))
            add(f"{name}: workspace, first paint, ms (budget {conditions.workspace_budget})", first)
            add(f"{name}: workspace, first note drawn, ms", drawn)
            page.wait_for_load_state("networkidle")
            shift = float(page.evaluate(SHIFTS))
            add(f"{name}: workspace, layout shift, thousandths (budget {SHIFT_BUDGET * 1000:.0f})", 1000 * shift)
        with visit(browser, owner, conditions) as page:
            page.goto(note, wait_until="commit")
            wait_until(page, "() => document.querySelector('.cm-content[contenteditable=true]') !== null")
            put_caret(page, 1)
            page.keyboard.insert_text("~")
            wait_until(page, "() => document.querySelector('.cm-content').textContent.endsWith('~')")
            typed = float(page.evaluate(PAINTED))
            add(f"{name}: note, first sign typed and painted, ms (budget {conditions.typing_budget})", typed)
            if not conditions.is_slow:
                _measure_keys(page, name, add)


def _measure_keys(page: Page, name: str, add: Callable[[str, float], None]) -> None:
    """Writing, and the palette, which is fetched when it is first asked for."""
    page.wait_for_load_state("networkidle")
    page.evaluate(WATCH_KEYS)
    page.keyboard.type(KEYS, delay=KEY_EVERY_MS)
    wait_until(page, "(count) => window.keyed.length >= count", len(KEYS))
    keyed = sorted(float(gap) for gap in page.evaluate("() => window.keyed"))
    add(f"{name}: key to paint, p50, ms (budget 25)", keyed[len(keyed) // 2])
    add(f"{name}: key to paint, p95, ms (budget 60)", keyed[len(keyed) * 95 // 100])
    page.keyboard.press("Escape")
    page.evaluate(f"() => void (window.palette = ({PALETTE_SHOWN})())")
    page.keyboard.press("Control+k")
    add(f"{name}: palette, first time, ms (budget 300)", float(page.evaluate("() => window.palette")))
