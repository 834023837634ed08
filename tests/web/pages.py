"""Every page of the client, and how to get there; for pictures and for checks that hold everywhere."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

from tests.web.showcase import Showcase


def _at(path: str, ready: str = "main h1") -> Callable[[Page, Showcase], None]:
    def visit(page: Page, show: Showcase) -> None:
        page.goto(path.format(id=show.workspace_id, recipe=show.notes["Sourdough, the short way"]))
        page.wait_for_selector(ready)

    return visit


def _then(path: str, ready: str, key: str, shown: str) -> Callable[[Page, Showcase], None]:
    def visit(page: Page, show: Showcase) -> None:
        _at(path, ready)(page, show)
        page.keyboard.press(key)
        page.wait_for_selector(shown)

    return visit


def _outline(page: Page, show: Showcase) -> None:
    _at("/workspaces/{id}", "[data-note]")(page, show)
    page.get_by_role("button", name="Corner bakery").last.click()
    page.get_by_role("menuitem", name="List of notes").click()
    page.wait_for_selector("#outline-title")


def _selection(page: Page, show: Showcase) -> None:
    _at("/workspaces/{id}", "[data-note]")(page, show)
    page.locator("[data-note]", has_text="Prices").focus()
    page.keyboard.press("Tab")
    page.get_by_role("toolbar", name="selected").wait_for()


def _preview(page: Page, show: Showcase) -> None:
    _at("/workspaces/{id}?note={recipe}", ".cm-content")(page, show)
    page.get_by_role("button", name="Preview").click()
    page.wait_for_selector(".preview .tok-keyword")


def _notices(page: Page, show: Showcase) -> None:
    _at("/")(page, show)
    if not page.get_by_role("button", name="Notifications").is_visible():
        page.get_by_role("button", name="sidebar").first.click()
    page.get_by_role("button", name="Notifications").first.click()
    page.wait_for_selector("dialog[open] .item")


def _comments(page: Page, show: Showcase) -> None:
    _at("/workspaces/{id}?note={recipe}", ".cm-content[aria-autocomplete]")(page, show)
    page.locator(".comments-toggle").click()
    page.wait_for_selector("article")


def _in_menu(item: str, shown: str) -> Callable[[Page, Showcase], None]:
    """Something that the workspace's menu opens."""

    def visit(page: Page, show: Showcase) -> None:
        _at("/workspaces/{id}", "[data-note]")(page, show)
        page.get_by_role("heading", level=1).get_by_role("button").click()
        page.get_by_role("menuitem", name=item).click()
        page.wait_for_selector(f"dialog[open] {shown}")

    return visit


def _links(page: Page, show: Showcase) -> None:
    _in_menu("Members", "li select")(page, show)
    page.get_by_role("tab", name="Links").click()
    page.wait_for_selector("dialog[open] form.make")


def _note_links(page: Page, show: Showcase) -> None:
    _at("/workspaces/{id}?note={recipe}", ".cm-content")(page, show)
    page.get_by_label("Note", exact=True).get_by_role("button", name="Share").click()
    page.wait_for_selector("dialog[open] form.make")


PAGES: Mapping[str, Callable[[Page, Showcase], None]] = {
    "login": _at("/login"),
    "nothing here": _at("/nowhere", "main button"),
    "register": _at("/login?register"),
    "forgot": _at("/login?forgot", "main form"),
    "reset-password": _at("/reset-password#token=x", "main form"),
    "ended link": _at("/join#token=x", "main [role=alert]"),
    "workspaces": _at("/"),
    "canvas": _at("/workspaces/{id}", "[data-note]"),
    "selection": _selection,
    "outline": _outline,
    "trash": _in_menu("Trash", "h2"),
    "export": _in_menu("Export", "h2"),
    "editor": _at("/workspaces/{id}?note={recipe}", ".cm-content"),
    "preview": _preview,
    "comments": _comments,
    "share": _in_menu("Members", "li select"),
    "share links": _links,
    "note links": _note_links,
    "import": _in_menu("Import", ".drop"),
    "history": _at("/workspaces/{id}?note={recipe}&at=0", ".history ins"),
    "files": _at("/files?workspace={id}", "main .thumb"),
    "search": _at("/search?q=flour", ".hit"),
    "saved searches": _at("/search", "button.run"),
    "chat": _at("/chat?workspace={id}", ".message"),
    "calendar": _at("/calendar?workspace={id}", ".event"),
    "settings": _at("/settings", "[aria-labelledby=sessions] li"),
    "admin": _at("/admin", ".figures"),
    "notifications": _notices,
    "palette": _then("/", "main h1", "Control+k", ".palette-item"),
    "shortcuts": _then("/workspaces/{id}", "[data-note]", "?", "dialog[open] kbd"),
}
