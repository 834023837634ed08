"""What holds on every page: no fault, nothing that shuts people out, texts where texts belong, nothing sticking out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.server import running_server
from tests.web.pages import PAGES
from tests.web.people import DEADLINE_MS, Person, person, sign_in, wait_until, watch
from tests.web.showcase import Showcase, make_showcase

AXE = Path(__file__).parent.parent.parent / "web" / "node_modules" / "axe-core" / "axe.min.js"
PHONE_WIDTH = 360
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


SMALL_TARGETS = """() => {
  const controls = 'button, a[href], input, select, textarea, summary, [role=menuitem], [role=tab], [role=option]';
  const box = (one) => one.getBoundingClientRect();
  // A link that shows itself only when it is focused is for keys.
  const isShown = (one) =>
    one.checkVisibility({ visibilityProperty: true }) && box(one).width > 1 && box(one).bottom > 0;
  // What stands in a line of text may be as high as the line; what lies in the world is as large as the zoom makes it.
  const isInText = (one) =>
    getComputedStyle(one).display === 'inline' || one.closest('.cm-content, .preview, p, .world');
  const reach = (one) => {
    const [own, label] = [box(one), box(one.closest('label') ?? one)];
    return [Math.max(own.width, label.width), Math.max(own.height, label.height)];
  };
  return [...document.querySelectorAll(controls)]
    .filter((one) => isShown(one) && !isInText(one) && !one.closest('[inert], [aria-hidden=true]'))
    .filter((one) => Math.min(...reach(one)) < 43)
    .map((one) => `${one.outerHTML.slice(0, 160)} ${reach(one).map(Math.round).join('x')}`)
    .join('\\n');
}"""
"""Controls that a finger does not hit well: under 44 px one way or the other."""


CUT_OFF = """() => {
  const scrolls = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  return [...document.querySelectorAll('button, a[href], input, select, textarea, h1, h2')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.world, .sr-only, [inert]'))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.right > 0 && box.left < innerWidth)
    .filter(([one, box]) => (box.left < -1 || box.right > innerWidth + 1) && !scrolls(one.parentElement))
    .map(([one, box]) => `${one.outerHTML.slice(0, 120)} ${Math.round(box.left)} to ${Math.round(box.right)}`)
    .join('\\n');
}"""
"""What reaches over the edge of the window where nothing scrolls."""


NEXT_WIDTH = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => done(document.documentElement.scrollWidth))))"""
"""How wide the page is, once what was changed is laid out: a phone makes the page as wide as what is in it, but only
with the next frame."""


@pytest.fixture(scope="module")
def lived_in(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Person, Showcase]]:
    """Ada, who came first and so runs the server, and a workspace that looks lived in."""
    with running_server(tmp_path_factory.mktemp("pages") / "data") as node:
        address = ("127.0.0.1", node.port)
        with person(browser, address, "Ada Byron") as ada, person(browser, address, "Ben Okri") as ben:
            yield ada, make_showcase(ada, ben)


def settle(page: Page) -> None:
    wait_until(page, "() => document.fonts.status === 'loaded'")
    wait_until(page, "() => document.querySelector('[aria-busy=true]') === null")


def serious(page: Page) -> list[str]:
    """Rules of serious or critical weight that the page breaks, with where."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(
        """async (tags) => (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`)""",
        RULES,
    )
    return [str(rule) for rule in found]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_shuts_people_out_by_day_or_by_night(lived_in: tuple[Person, Showcase], name: str) -> None:
    ada, show = lived_in
    page = ada.tab()
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    PAGES[name](page, show)
    settle(page)
    assert serious(page) == []
    # A text that is missing shows its key.
    assert page.evaluate("() => document.body.innerText.match(/\\b[a-z]+\\.[a-z]+[A-Z][a-zA-Z]*\\b/g)") is None
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    wait_until(page, "() => document.documentElement.dataset.theme === 'dark'")
    assert serious(page) == []
    page.close()


@pytest.fixture(scope="module")
def on_phone(browser: Browser, lived_in: tuple[Person, Showcase]) -> Iterator[BrowserContext]:
    """Ada again, on a phone of 360 px that has no mouse."""
    ada, _ = lived_in
    context = browser.new_context(
        base_url=ada.line.url,
        service_workers="block",
        viewport={"width": PHONE_WIDTH, "height": 740},
        has_touch=True,
        is_mobile=True,
    )
    faults = watch(context)
    with context:
        sign_in(context, ada.email)
        yield context
    assert faults == []


def wrong_on_phone(page: Page) -> list[str]:
    """What sticks out of the page, reaches over the window's edge, or is too small for a finger."""
    width = page.evaluate(NEXT_WIDTH)
    sticks_out = [f"the page is {width} px wide"] if width > PHONE_WIDTH else []
    return [*sticks_out, *(found for found in (page.evaluate(CUT_OFF), page.evaluate(SMALL_TARGETS)) if found)]


@pytest.mark.parametrize("name", PAGES)
def test_a_small_phone_shows_all_and_a_finger_hits_it(
    on_phone: BrowserContext, lived_in: tuple[Person, Showcase], name: str
) -> None:
    page = on_phone.new_page()
    page.set_default_timeout(DEADLINE_MS)
    PAGES[name](page, lived_in[1])
    settle(page)
    assert wrong_on_phone(page) == []
    page.close()


def test_the_tools_of_the_calendar_stand_in_one_row_on_a_phone(
    on_phone: BrowserContext, lived_in: tuple[Person, Showcase]
) -> None:
    page = on_phone.new_page()
    page.set_default_timeout(DEADLINE_MS)
    PAGES["calendar"](page, lived_in[1])
    names = ("Today", "Next", "New event", "Import or export the calendar")
    boxes = [page.get_by_role("button", name=name, exact=True).bounding_box() for name in names]
    assert len({box and round(box["y"] + box["height"] / 2) for box in boxes}) == 1, boxes
    page.close()


@pytest.mark.parametrize(
    ("element", "style", "complaint"),
    [
        ("p", "width: 400px", "px wide"),
        ("button", "position: fixed; left: 300px; width: 100px; height: 48px", "300 to 400"),
        ("a", "position: fixed; left: 0; width: 48px; height: 20px", "48x20"),
    ],
)
def test_the_check_of_phones_catches_what_is_wrong(
    on_phone: BrowserContext, lived_in: tuple[Person, Showcase], element: str, style: str, complaint: str
) -> None:
    page = on_phone.new_page()
    page.set_default_timeout(DEADLINE_MS)
    PAGES["files"](page, lived_in[1])
    settle(page)
    assert wrong_on_phone(page) == []
    page.evaluate(
        """([name, style]) => {
          const wrong = document.createElement(name);
          wrong.textContent = 'Made';
          if (name === 'a') wrong.href = '/';
          wrong.style.cssText = `${style}; top: 0; padding: 0; margin: 0; min-width: 0; min-height: 0`;
          document.body.prepend(wrong);
        }""",
        [element, style],
    )
    (found,) = wrong_on_phone(page)
    assert complaint in found
    page.close()


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_other_languages_reach_every_page(lived_in: tuple[Person, Showcase], language: str, direction: str) -> None:
    ada, show = lived_in
    page = ada.tab()
    page.goto("/settings")
    page.evaluate("(language) => localStorage.setItem('notevault.locale', language)", language)
    inside = f"/workspaces/{show.workspace_id}"
    noted = f"{inside}?note={show.notes['Sourdough, the short way']}"
    for path in ("/", inside, noted, "/files", "/search", "/chat", "/calendar", "/settings", "/admin"):
        page.goto(path)
        wait_until(page, "(language) => document.documentElement.lang === language", language)
        assert page.evaluate("() => document.documentElement.dir") == direction
        for width in (PHONE_WIDTH, 1280):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    page.evaluate("() => localStorage.removeItem('notevault.locale')")
    page.close()
