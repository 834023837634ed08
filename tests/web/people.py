"""People at their browsers, and the little that a test wants from them."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

from playwright.sync_api import APIResponse, Browser, BrowserContext, ConsoleMessage, Page

from tests.web.line import Line

DEADLINE_MS = 30_000
PASSWORD = "a quiet garden wall"

# The page's own editor, asked for what it holds: the document in the DOM has only the lines in sight.
VIEW = "document.querySelector('.cm-content').cmTile.root.view"

TELL_VIOLATIONS = """addEventListener('securitypolicyviolation', (event) =>
  console.error(`Against the content security policy: ${event.violatedDirective} ${event.blockedURI}`))"""
LINES_THAT_FAIL = ("Failed to load resource", "WebSocket connection to", "net::ERR_")
"""What the browser itself says of a line that was cut, or of an answer that a test asks for."""

WORDS = ("seed", " ", "leaf ", "🌱", "漢字", "é", "-", "# ", "👩‍🌾", "בוקר")


@dataclass(slots=True)
class Person:
    """Somebody signed in, in a browser profile and on a line of their own. `faults` are errors of their pages."""

    name: str
    context: BrowserContext
    line: Line
    user_id: str
    token: str
    email: str
    faults: list[str]

    def api(self, method: str, path: str, body: object = None) -> dict[str, object]:
        response: APIResponse = self.context.request.fetch(
            path, method=method, data=body, headers={"Authorization": f"Bearer {self.token}"}
        )
        assert response.ok, f"{method} {path}: {response.status} {response.text()}"
        return response.json() if response.body() else {}

    def send(self, path: str, form: dict[str, object]) -> None:
        """A form with a file."""
        headers = {"Authorization": f"Bearer {self.token}"}
        response = self.context.request.post(path, multipart=form, headers=headers)  # type: ignore[arg-type]
        assert response.ok, f"{path}: {response.status} {response.text()}"

    def tab(self) -> Page:
        """An empty tab whose errors count."""
        page = self.context.new_page()
        page.set_default_timeout(DEADLINE_MS)
        page.on("dialog", lambda dialog: dialog.accept())
        return page

    def open(self, workspace_id: str, note_id: str) -> Page:
        """A tab with the note open for writing."""
        page = self.tab()
        page.goto(f"/workspaces/{workspace_id}?note={note_id}")
        page.wait_for_selector(".cm-content")
        return page

    def content(self, note_id: str) -> str:
        """The note's text on the server."""
        note = self.api("GET", f"/api/notes/{note_id}")["note"]
        assert isinstance(note, dict)
        return str(note["content"])


@dataclass(slots=True)
class Garden:
    """A workspace of Ada's that Ben is a member of, with one note."""

    ada: Person
    ben: Person
    workspace_id: str
    note_id: str

    def grant(self, role: str) -> None:
        """Gives Ben another role."""
        self.ada.api("PUT", f"/api/workspaces/{self.workspace_id}/members/{self.ben.user_id}", {"role": role})


def found_garden(ada: Person, ben: Person) -> Garden:
    workspace = ada.api("POST", "/api/workspaces", {"name": "Garden"})["workspace"]
    workspace_id = str(workspace["id"])  # type: ignore[index]
    ada.api("POST", f"/api/workspaces/{workspace_id}/members", {"email": ben.email, "role": "member"})
    body = {"title": "Spring", "content": "Seeds 🌱\n\nBeds\n"}
    note = ada.api("POST", f"/api/workspaces/{workspace_id}/notes", body)["note"]
    return Garden(ada, ben, workspace_id, str(note["id"]))  # type: ignore[index]


def sign_in(context: BrowserContext, email: str) -> str:
    """Signs somebody in who has an account, in a profile of its own: a copied one would use a token twice, which ends
    the sign-in. Returns an access token."""
    response = context.request.post("/api/auth/login", data={"email": email, "password": PASSWORD})
    assert response.ok, response.text()
    return str(response.json()["accessToken"])


def watch(context: BrowserContext) -> list[str]:
    """What goes wrong in the context's pages from now on: exceptions, errors told on the console, violations of the
    content security policy."""
    faults: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in LINES_THAT_FAIL):
            faults.append(message.text)

    context.add_init_script(TELL_VIOLATIONS)
    context.on("weberror", lambda problem: faults.append(str(problem.error)))
    context.on("console", hear)
    return faults


@contextmanager
def person(browser: Browser, server: tuple[str, int], name: str, *, is_on_phone: bool = False) -> Iterator[Person]:
    """Registers `name`. At the end no page may have failed. A phone has a small screen and no mouse."""
    line = Line(server)
    context = browser.new_context(
        base_url=line.url,
        service_workers="block",
        viewport={"width": 360, "height": 740} if is_on_phone else {"width": 1280, "height": 800},
        has_touch=is_on_phone,
        is_mobile=is_on_phone,
    )
    faults = watch(context)
    # Ports come again; addresses must not.
    email = f"{name.split()[0].lower()}-{uuid4().hex[:12]}@example.org"
    account = {"email": email, "password": PASSWORD, "displayName": name}
    response = context.request.post("/api/auth/register", data=account)
    assert response.ok, response.text()
    session = response.json()
    somebody = Person(name, context, line, session["user"]["id"], session["accessToken"], email, faults)
    try:
        yield somebody
    finally:
        context.close()
        line.close()
    assert somebody.faults == [], somebody.faults


def wait_until(page: Page, condition: str, *values: object) -> None:
    """Wait until the JavaScript function `condition` answers true. Compiled from outside the page, so that a strict
    content security policy does not stand in the way, as it does in Playwright's own waiting."""
    call = f"({condition})(...{json.dumps(values)})"
    page.evaluate(
        f"""async () => {{
          const end = performance.now() + {DEADLINE_MS};
          while (!(await {call})) {{
            if (performance.now() > end) throw new Error('Not in time: ' + {json.dumps(condition)});
            await new Promise((resolve) => setTimeout(resolve, 20));
          }}
        }}"""
    )


def text_of(page: Page) -> str:
    """The note's text as the page's editor holds it."""
    return str(page.evaluate(f"() => {VIEW}.state.doc.toString()"))


def wait_for_text(page: Page, text: str) -> None:
    wait_until(page, f"(text) => {VIEW}.state.doc.toString() === text", text)


def wait_for_state(page: Page, state: str) -> None:
    """`saved`, `saving` or `waiting`, as the page tells it."""
    wait_until(page, "(state) => document.querySelector(`[data-save-state=${state}]`) !== null", state)


def put_caret(page: Page, share: float) -> None:
    """Where a click would put it, so never inside a character: 0 is the start of the text, 1 its end."""
    page.evaluate(
        f"""(share) => {{
          const view = {VIEW};
          const text = view.state.doc.toString();
          const at = Math.floor(share * text.length);
          const isInside = /[\\udc00-\\udfff]/.test(text.charAt(at));
          view.focus();
          view.dispatch({{ selection: {{ anchor: isInside ? at - 1 : at }} }});
        }}""",
        share,
    )


def settle(pages: list[Page], owner: Person, note_id: str) -> str:
    """Wait until all is acknowledged everywhere; returns the text that all then have, the server too."""
    for page in pages:
        wait_for_state(page, "saved")
    text = owner.content(note_id)
    for page in pages:
        wait_for_text(page, text)
    return text


def edit(page: Page, rng: random.Random) -> None:
    """One edit as a person makes it: somewhere, typed, taken away, replaced, or a line broken."""
    if rng.random() < 0.3:
        put_caret(page, rng.random())
    chance = rng.random()
    if chance < 0.62:
        page.keyboard.insert_text(rng.choice(WORDS))
    elif chance < 0.76:
        page.keyboard.press("Backspace")
    elif chance < 0.84:
        page.keyboard.press("Delete")
    elif chance < 0.92:
        page.keyboard.press("Enter")
    else:
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.insert_text(rng.choice(WORDS))
