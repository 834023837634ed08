"""What others do, and what the server has to be asked for: how soon it is seen, and how smooth the page stays.

One person types where another reads, each in a profile of their own; twenty guests, each an account with a connection,
move their pointers and a note each, twenty times a second; somebody searches among the notes key by key.
"""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import cos, sin
from secrets import token_hex
from typing import Any

import msgspec
from playwright.sync_api import Browser, Page

from bench.clients import engineio
from bench.clients.http import request
from bench.core.link import Link
from bench.web_frames import MOTION_SECONDS, SLOW_MS, frames
from bench.web_visits import HERE, KEY_EVERY_MS, KEYS, visit
from tests.web.people import PASSWORD, VIEW, Person, put_caret, wait_for_state, wait_until

GUESTS = 20
MOVES_PER_SECOND = 20
GUESTS_PER_ROW = 5
SEARCHED_NUMBERS = ("4", "1", "7", "Backspace", "9")
"""Keys behind "Note "; each is to change what is found."""

# Time as both pages have it: they are two processes on one clock.
TELL_KEYS = """() => {
  window.keyed = [];
  addEventListener('keydown', ({ timeStamp }) => keyed.push(performance.timeOrigin + timeStamp), { capture: true });
}"""
TELL_PAINTED = f"""() => {{
  window.painted = [];
  const length = () => {VIEW}.state.doc.length;
  let known = length();
  new MutationObserver(() => {{
    const added = length() - known;
    known += added;
    if (added > 0) requestAnimationFrame(() => {{
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {{
        const now = performance.timeOrigin + performance.now();
        for (let sign = 0; sign < added; sign++) painted.push(now);
      }};
      channel.port2.postMessage(null);
    }});
  }}).observe(document.querySelector('.cm-content'), {{ childList: true, characterData: true, subtree: true }});
}}"""
ANSWERED = """() => new Promise((done) => {
  const shown = () => [...document.querySelectorAll('a.hit')].map((hit) => hit.href + hit.innerHTML).join();
  const before = shown();
  addEventListener('keydown', ({ timeStamp }) => {
    const look = () => {
      if (shown() === before) return void requestAnimationFrame(look);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now() - timeStamp);
      channel.port2.postMessage(null);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
})"""
PLACES = "() => [...document.querySelectorAll('[data-note]')].map((note) => note.style.transform)"


@dataclass(slots=True)
class Guest:
    """Has a note of their own, at `x` and `y`, on a canvas that is Ada's."""

    token: str
    note_id: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Party:
    """A workspace where all guests are members."""

    port: int
    workspace_id: str
    guests: Sequence[Guest]


def invite(owner: Person, port: int) -> Party:
    """Twenty new accounts, and as many notes, all in sight of somebody who comes."""
    workspace: Any = owner.api("POST", "/api/workspaces", {"name": "Party"})["workspace"]
    path = f"/api/workspaces/{workspace['id']}"
    guests = []
    for number in range(GUESTS):
        email = f"guest-{token_hex(6)}@example.org"
        account = {"email": email, "password": PASSWORD, "displayName": f"Guest {number}", "delivery": "body"}
        token = request(port, "POST", "/api/auth/register", account)["accessToken"]
        owner.api("POST", f"{path}/members", {"email": email, "role": "member"})
        x, y = number % GUESTS_PER_ROW * 300, number // GUESTS_PER_ROW * 220
        body = {"title": f"Of guest {number}", "content": "Some words", "position": {"x": x, "y": y}}
        note: Any = owner.api("POST", f"{path}/notes", body)["note"]
        guests.append(Guest(token, note["id"], x, y))
    return Party(port, workspace["id"], guests)


class Dance:
    """All guests on the canvas, until it is over: a pointer and a note each, in circles."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._links: list[Link] = []
        self._client_ids: list[str] = []
        for guest in party.guests:
            link = engineio.connect(party.port, {"token": guest.token})
            joined: Any = engineio.call(link, 1, "workspace:join", {"workspaceId": party.workspace_id})
            link.go_live()
            self._links.append(link)
            self._client_ids.append(joined["clientId"])
        self.is_over = threading.Event()

    def run(self) -> None:
        """One guest after the other, evenly spread, so that nothing comes in one heap."""
        begun = time.monotonic()
        turn = 0
        while not self.is_over.is_set():
            due = begun + turn / GUESTS / MOVES_PER_SECOND
            if (early := due - time.monotonic()) > 0:
                time.sleep(early)
            self._move(turn % GUESTS, turn // GUESTS + 1)
            turn += 1
        for link in self._links:
            link.close()

    def _move(self, number: int, step: int) -> None:
        guest, link = self._party.guests[number], self._links[number]
        angle = step / 8 + number
        place = {"x": guest.x + round(60 * cos(angle)), "y": guest.y + round(60 * sin(angle))}
        where = {"workspaceId": self._party.workspace_id}
        numbered = {"clientId": self._client_ids[number], "clientSeq": step}
        move = {**where, **numbered, "noteId": guest.note_id, "set": {"position": place}}
        for name, payload in (("collaboration:cursor", {**where, "position": place}), ("note:update", move)):
            link.send_text(b"42" + msgspec.json.encode([name, payload]))
        link.read_bytes()


@contextmanager
def dancing(party: Party) -> Iterator[None]:
    """Meanwhile the guests move."""
    dance = Dance(party)
    thread = threading.Thread(target=dance.run, daemon=True)
    thread.start()
    try:
        yield
        if not thread.is_alive():
            raise RuntimeError("the guests did not stay")
    finally:
        dance.is_over.set()
        thread.join()


def measure_together(
    browser: Browser, owner: Person, note: str, party: Party, add: Callable[[str, float], None]
) -> None:
    """One round; `note` is a path, its workspace that of a thousand notes."""
    _measure_typing(browser, owner, note, add)
    with visit(browser, owner, HERE) as page:
        _measure_search(page, add)
    with visit(browser, owner, HERE) as page:
        _measure_dance(page, party, add)


def _measure_typing(browser: Browser, owner: Person, note: str, add: Callable[[str, float], None]) -> None:
    with visit(browser, owner, HERE) as writer, visit(browser, owner, HERE) as reader:
        for page in (writer, reader):
            page.goto(note)
            page.wait_for_selector(".cm-content[contenteditable=true]")
            wait_for_state(page, "saved")
            page.wait_for_load_state("networkidle")
        put_caret(writer, 1)
        writer.evaluate(TELL_KEYS)
        reader.evaluate(TELL_PAINTED)
        writer.keyboard.type(KEYS, delay=KEY_EVERY_MS)
        wait_until(reader, "(count) => window.painted.length >= count", len(KEYS))
        keyed, painted = writer.evaluate("() => window.keyed"), reader.evaluate("() => window.painted")
        waits = sorted(seen - pressed for pressed, seen in zip(keyed, painted, strict=True))
        add("somebody else's key to paint, p50, ms (budget 50)", waits[len(waits) // 2])
        add("somebody else's key to paint, p95, ms (budget 120)", waits[len(waits) * 95 // 100])


def _measure_search(page: Page, add: Callable[[str, float], None]) -> None:
    page.goto("/search")
    page.locator("main input[type=search]").focus()
    page.keyboard.type("Note ")
    page.wait_for_selector("a.hit")
    waits = []
    for key in SEARCHED_NUMBERS:
        page.evaluate(f"() => void (window.answered = ({ANSWERED})())")
        page.keyboard.press(key)
        waits.append(float(page.evaluate("() => window.answered")))
    add("search, key to results, ms (budget 400)", statistics.median(waits))


def _measure_dance(page: Page, party: Party, add: Callable[[str, float], None]) -> None:
    page.goto(f"/workspaces/{party.workspace_id}")
    wait_until(page, "(count) => document.querySelectorAll('[data-note]').length === count", GUESTS)
    page.wait_for_load_state("networkidle")
    with dancing(party):
        wait_until(page, "(count) => document.querySelectorAll('.cursor').length === count", GUESTS)
        before = page.evaluate(PLACES)
        fps, slow = frames(page, lambda: page.wait_for_timeout(MOTION_SECONDS * 1000))
        moved = sum(old != new for old, new in zip(before, page.evaluate(PLACES), strict=True))
    if moved < GUESTS:
        raise RuntimeError(f"only {moved} notes moved")
    add(f"{GUESTS} pointers and {GUESTS} notes moving: frames/s (budget 50)", fps)
    add(f"{GUESTS} pointers and {GUESTS} notes moving: % of frames over {SLOW_MS} ms (budget 5)", slow)
