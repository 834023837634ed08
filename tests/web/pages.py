"""Every page of the client, and how to get there; for pictures and for checks that hold everywhere."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

from tests.web.showcase import Showcase


def _at(path: str, ready: str = "main h1") -> Callable[[Page, Showcase], None]:
    def visit(page: Page, show: Showcase) -> None:
        page.goto(path.format(id=show.workspace_id, recipe=show.notes["Sourdough, the short way"]))
        page.wait_for_selector(ready)

    return visit


def _palette(page: Page, show: Showcase) -> None:
    _at("/")(page, show)
    page.keyboard.press("Control+k")
    page.wait_for_selector(".palette-item")


def _help(page: Page, show: Showcase) -> None:
    _at("/workspaces/{id}", "[data-note]")(page, show)
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] kbd")


PAGES: Mapping[str, Callable[[Page, Showcase], None]] = {
    "login": _at("/login"),
    "register": _at("/login?register"),
    "workspaces": _at("/"),
    "canvas": _at("/workspaces/{id}", "[data-note]"),
    "editor": _at("/workspaces/{id}?note={recipe}", ".cm-content"),
    "search": _at("/search?q=flour", ".hit"),
    "settings": _at("/settings"),
    "palette": _palette,
    "shortcuts": _help,
}
