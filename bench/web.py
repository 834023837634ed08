"""How quick the web client is: `python -m bench.web [--notes 5000] [--rounds 5] [--part together]`; prints medians.

A real server and a real Chromium without a graphics card share this machine's cores with what measures. Frames are
counted by the page itself (`requestAnimationFrame`), each motion for three seconds; times are those of the browser's
own performance entries, each on a profile with nothing cached.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from json import dumps
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.web_frames import MOTION_SECONDS, SLOW_MS, frames
from bench.web_together import invite, measure_together
from bench.web_visits import LARGEST_PAINT, measure_visits
from tests.support.chromium import find_chromium, running_browser
from tests.support.server import running_server
from tests.web.people import DEADLINE_MS, Person, person, sign_in, wait_until

COLUMNS = 100
CONNECTIONS = 8
USUAL_NOTES = 100
"""In the workspace that is visited."""
SEARCHED_NOTES = 1_000
"""Where somebody searches."""

WATCH_INPUT = """() => {
  window.inputs = new Map();
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) inputs.set(interactionId, Math.max(inputs.get(interactionId) ?? 0, duration));
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
}"""
# One wheel event a frame, made in the page: so the browser, not what drives it, sets the pace.
WHEEL = """([x, y, isZoom, seconds]) => new Promise((resolve) => {
  const canvas = document.querySelector('section.canvas');
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const end = performance.now() + seconds * 1000;
  let step = 0;
  const turn = (now) => {
    if (now > end) return resolve();
    const way = Math.floor(step++ / 30) % 2 ? -1 : 1;
    const place = { clientX: left + width / 2, clientY: top + height / 2, ctrlKey: isZoom };
    const turned = { deltaX: x * way, deltaY: y * way, bubbles: true, cancelable: true };
    canvas.dispatchEvent(new WheelEvent('wheel', { ...place, ...turned }));
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
})"""


@dataclass(slots=True)
class Figures:
    """What was measured, by name; each a list with one value a round."""

    rounds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        self.rounds.setdefault(name, []).append(value)

    def table(self) -> str:
        lines = ["| what | median | worst to best |", "|---|---|---|"]
        for name, values in self.rounds.items():
            low, high = min(values), max(values)
            lines.append(f"| {name} | {statistics.median(values):.0f} | {low:.0f}–{high:.0f} |")
        return "\n".join(lines)


def fill(port: int, token: str, workspace_id: str, count: int) -> None:
    """`count` notes in rows of a hundred."""

    def make(numbers: Sequence[int]) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        for number in numbers:
            place = {"x": number % COLUMNS * 300, "y": number // COLUMNS * 220}
            note = {
                "title": f"Note {number}",
                "content": "Some words about it\n- [ ] and something to do",
                "position": place,
                "size": {"width": 260, "height": 180},
                "color": ("#fde68a", "#a7f3d0", "#bfdbfe", "#ddd6fe")[number % 4],
            }
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            connection.request("POST", f"/api/workspaces/{workspace_id}/notes", dumps(note), headers)
            response = connection.getresponse()
            response.read()
            if response.status != 201:
                raise RuntimeError(f"a note was refused: {response.status}")

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(make, [range(first, count, CONNECTIONS) for first in range(CONNECTIONS)]))


@contextmanager
def fresh_page(browser: Browser, owner: Person) -> Iterator[Page]:
    """A page of the owner's in a profile that knows the sign-in and nothing else."""
    context = browser.new_context(
        base_url=owner.line.target_url, viewport={"width": 1280, "height": 800}, service_workers="block"
    )
    sign_in(context, owner.email)
    page = context.new_page()
    page.set_default_timeout(DEADLINE_MS * 2)
    with context:
        yield page


def start(page: Page, path: str, ready: str) -> tuple[float, float]:
    """Milliseconds from the navigation to the largest paint, and until the page shows `ready` and takes input."""
    page.goto(path, wait_until="commit")
    wait_until(page, "(ready) => document.querySelector(ready) !== null", ready)
    usable = float(page.evaluate("() => new Promise((done) => requestAnimationFrame(() => done(performance.now())))"))
    return float(page.evaluate(LARGEST_PAINT)), usable


def drag(page: Page) -> None:
    """A note that is held and moved about."""
    page.mouse.move(400, 300)
    page.mouse.down()
    end = time.monotonic() + MOTION_SECONDS
    step = 0
    while time.monotonic() < end:
        step += 1
        page.mouse.move(400 + step % 200, 300 + step % 90)
    page.mouse.up()


def measure(browser: Browser, owner: Person, path: str, figures: Figures) -> None:
    """One round."""
    with fresh_page(browser, owner) as page:
        paint, usable = start(page, "/", "article a")
        figures.add("home: largest paint, ms", paint)
        figures.add("home: usable, ms", usable)
    with fresh_page(browser, owner) as page:
        paint, usable = start(page, path, "[data-note], section.canvas canvas")
        figures.add("workspace: largest paint, ms", paint)
        figures.add("workspace: usable, ms", usable)
        page.wait_for_load_state("networkidle")
        page.evaluate(WATCH_INPUT)
        for name, wheel in (("panning, near", (9, 7, False)), ("zooming", (0, 6, True))):
            fps, slow = frames(page, partial(page.evaluate, WHEEL, [*wheel, MOTION_SECONDS]))
            figures.add(f"{name}: frames/s", fps)
            figures.add(f"{name}: % of frames over {SLOW_MS} ms", slow)
        page.keyboard.press("Control+0")
        page.mouse.click(400, 300)
        fps, slow = frames(page, lambda: drag(page))
        figures.add("dragging a note, near: frames/s", fps)
        page.keyboard.press("Escape")
        page.keyboard.press("Shift+Digit1")
        wait_until(page, "() => document.querySelector('section.canvas canvas') !== null")
        page.wait_for_timeout(400)
        fps, slow = frames(page, lambda: page.evaluate(WHEEL, [9, 7, False, MOTION_SECONDS]))
        figures.add("panning, all notes in sight: frames/s", fps)
        figures.add(f"panning, all notes in sight: % of frames over {SLOW_MS} ms", slow)
        fps, slow = frames(page, lambda: page.evaluate(WHEEL, [0, 3, True, MOTION_SECONDS]))
        figures.add("zooming, all notes in sight: frames/s", fps)
        fps, slow = frames(page, lambda: drag(page))
        figures.add("dragging a note, all in sight: frames/s", fps)
        for key in ("Escape", "n", "Escape", "Control+k", "Escape"):
            page.keyboard.press(key)
            page.wait_for_timeout(250)
        longest = page.evaluate("() => Math.max(0, ...window.inputs.values())")
        figures.add("slowest answer to an input, ms", float(longest))
        used = page.evaluate("() => performance.memory.usedJSHeapSize / 2 ** 20")
        figures.add("memory of the page's objects, MiB", float(used))


def workspace_of(owner: Person, port: int, count: int) -> str:
    """The path of a new workspace with so many notes."""
    workspace = owner.api("POST", "/api/workspaces", {"name": f"{count} notes"})["workspace"]
    assert isinstance(workspace, dict)
    fill(port, owner.token, workspace["id"], count)
    return f"/workspaces/{workspace['id']}"


def note_in(owner: Person, workspace: str) -> str:
    """The path of a new note to write in; `workspace` is a path too."""
    body = {"title": "To write in", "content": "Once upon a time\n" * 20}
    note = owner.api("POST", f"/api{workspace}/notes", body)["note"]
    assert isinstance(note, dict)
    return f"{workspace}?note={note['id']}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--part", choices=("all", "motion", "visits", "together"), default="all")
    options = parser.parse_args(arguments)
    figures = Figures()
    with (
        tempfile.TemporaryDirectory(prefix="notevault-bench-") as folder,
        running_server(Path(folder) / "data") as node,
        running_browser(find_chromium()) as browser,
        person(browser, ("127.0.0.1", node.port), "Ada Byron") as ada,
    ):
        if options.part in ("all", "motion"):
            path = workspace_of(ada, node.port, options.notes)
            for _ in range(options.rounds):
                measure(browser, ada, path, figures)
        if options.part in ("all", "visits"):
            path = workspace_of(ada, node.port, USUAL_NOTES)
            note = note_in(ada, path)
            for _ in range(options.rounds):
                measure_visits(browser, ada, path, note, figures.add)
        if options.part in ("all", "together"):
            note = note_in(ada, workspace_of(ada, node.port, SEARCHED_NOTES))
            party = invite(ada, node.port)
            for _ in range(options.rounds):
                measure_together(browser, ada, note, party, figures.add)
    print(f"{options.notes} notes, {options.rounds} rounds\n\n{figures.table()}")


if __name__ == "__main__":
    main()
