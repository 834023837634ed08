"""What holds on every page: no fault, nothing that shuts people out, texts where texts belong, nothing sticking out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.server import running_server
from tests.web.pages import PAGES
from tests.web.people import Person, person, wait_until
from tests.web.showcase import Showcase, make_showcase

AXE = Path(__file__).parent.parent.parent / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


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
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        """async (tags) => (await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`)""",
        RULES,
    )
    return [str(rule) for rule in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_shuts_people_out(lived_in: tuple[Person, Showcase], name: str, scheme: str) -> None:
    ada, show = lived_in
    page = ada.tab()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    PAGES[name](page, show)
    settle(page)
    assert serious(page) == []
    # A text that is missing shows its key.
    assert page.evaluate("() => document.body.innerText.match(/\\b[a-z]+\\.[a-z]+[A-Z][a-zA-Z]*\\b/g)") is None
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_on_a_small_phone(lived_in: tuple[Person, Showcase], name: str) -> None:
    ada, show = lived_in
    page = ada.tab()
    page.set_viewport_size({"width": 360, "height": 740})
    PAGES[name](page, show)
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    page.close()


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_other_languages_reach_every_page(lived_in: tuple[Person, Showcase], language: str, direction: str) -> None:
    ada, _ = lived_in
    page = ada.tab()
    page.goto("/settings")
    page.evaluate("(language) => localStorage.setItem('notevault.locale', language)", language)
    for path in ("/", "/files", "/chat", "/calendar", "/settings", "/admin"):
        page.goto(path)
        wait_until(page, "(language) => document.documentElement.lang === language", language)
        assert page.evaluate("() => document.documentElement.dir") == direction
    page.evaluate("() => localStorage.removeItem('notevault.locale')")
    page.close()
