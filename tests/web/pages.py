"""Every page of the client, and how to get there; for pictures and for checks that hold everywhere."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

from tests.web.showcase import Showcase


def _at(path: str, ready: str = "main h1") -> Callable[[Page, Showcase], None]:
    def visit(page: Page, show: Showcase) -> None:
        page.goto(
            path.format(
                id=show.workspace_id,
                recipe=show.notes["Sourdough, the short way"],
                empty=show.empty_id,
                note_token=show.note_token,
                workspace_token=show.workspace_token,
            )
        )
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


def _clicks(path: str, ready: str, button: str, shown: str) -> Callable[[Page, Showcase], None]:
    """Something that a button opens."""

    def visit(page: Page, show: Showcase) -> None:
        _at(path, ready)(page, show)
        page.get_by_role("button", name=button).first.click()
        page.wait_for_selector(shown)

    return visit


def _calendar_address(page: Page, show: Showcase) -> None:
    _at("/calendar?workspace={id}", ".event")(page, show)
    page.get_by_role("button", name="Import or export the calendar").click()
    page.get_by_role("menuitem", name="Subscribe from another program").click()
    page.get_by_role("button", name="Make an address").click()
    page.wait_for_selector("dialog[open] [role=group]")


def _webhooks(page: Page, show: Showcase) -> None:
    _at("/settings", "[aria-labelledby=webhooks]")(page, show)
    part = page.get_by_role("region", name="Webhooks")
    part.get_by_label("Workspace").select_option(label="Corner bakery")
    part.get_by_role("button", name="Deliveries").click()
    part.get_by_role("button", name="Look again").wait_for()
    part.scroll_into_view_if_needed()


def _week(page: Page, show: Showcase) -> None:
    _at("/calendar?workspace={id}", ".event")(page, show)
    page.get_by_role("button", name="Week").click()
    page.wait_for_selector(".grid-box.week")


def _authors(page: Page, show: Showcase) -> None:
    _at("/workspaces/{id}?note={recipe}&at=0", ".history .controls")(page, show)
    page.get_by_role("button", name="Authors").click()
    page.wait_for_selector(".history .author")


def _reconnecting(page: Page, show: Showcase) -> None:
    """What was seen before is shown while the server cannot be reached."""
    _at("/workspaces/{id}", "[data-note]")(page, show)
    page.get_by_text("Saved", exact=True).wait_for()
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.reload()
    page.get_by_role("button", name="Reconnect now").wait_for()


def _chat_beside(page: Page, show: Showcase) -> None:
    _at("/workspaces/{id}", "[data-note]")(page, show)
    page.locator("header.head").get_by_role("button", name="Chat").click()
    page.wait_for_selector("aside .message")


def _refused(page: Page, show: Showcase) -> None:
    page.route("**/api/files?*", lambda route: route.fulfill(status=503, body="{}"))
    _at("/files?workspace={id}", "main [role=alert]")(page, show)


PAGES: Mapping[str, Callable[[Page, Showcase], None]] = {
    "login": _at("/login"),
    "nothing here": _at("/nowhere", "main button"),
    "register": _at("/login?register"),
    "forgot": _at("/login?forgot", "main form"),
    "reset-password": _at("/reset-password#token=x", "main form"),
    "ended link": _at("/join#token=x", "main [role=alert]"),
    "join": _at("/join#token={workspace_token}", "main button"),
    "ended invitation": _at("/invitation#token=x", "main [role=alert]"),
    "verify": _at("/verify-email#token=x", "main [role=alert]"),
    "sign-in": _at("/sign-in", "main [role=alert]"),
    "shared note": _at("/shared#token={note_token}", "article"),
    "workspaces": _at("/"),
    "new workspace": _clicks("/", "article", "New workspace", "dialog[open] form"),
    "canvas": _at("/workspaces/{id}", "[data-note]"),
    "empty canvas": _at("/workspaces/{empty}", ".first button"),
    "reconnecting": _reconnecting,
    "chat beside": _chat_beside,
    "selection": _selection,
    "outline": _outline,
    "trash": _in_menu("Trash", "h2"),
    "export": _in_menu("Export", "h2"),
    "delete workspace": _in_menu("Delete workspace", "footer"),
    "editor": _at("/workspaces/{id}?note={recipe}", ".cm-content"),
    "preview": _preview,
    "comments": _comments,
    "share": _in_menu("Members", "li select"),
    "share links": _links,
    "note links": _note_links,
    "import": _in_menu("Import", ".drop"),
    "history": _at("/workspaces/{id}?note={recipe}&at=0", ".history ins"),
    "authors": _authors,
    "files": _at("/files?workspace={id}", "main .thumb"),
    "no files": _at("/files?workspace={empty}", "main .files button"),
    "refused": _refused,
    "search": _at("/search?q=flour", ".hit"),
    "nothing found": _at("/search?q=xylophone", "main h2"),
    "saved searches": _at("/search", "button.run"),
    "save search": _clicks("/search?q=flour", ".hit", "Save search", "dialog[open] form"),
    "chat": _at("/chat?workspace={id}", ".message"),
    "calendar": _at("/calendar?workspace={id}", ".event"),
    "week": _week,
    "event": _clicks("/calendar?workspace={id}", ".event", "New event", "dialog[open] form"),
    "calendar address": _calendar_address,
    "settings": _at("/settings", "[aria-labelledby=sessions] li"),
    "webhooks": _webhooks,
    "admin": _at("/admin", ".figures"),
    "notifications": _notices,
    "palette": _then("/", "main h1", "Control+k", ".palette-item"),
    "shortcuts": _then("/workspaces/{id}", "[data-note]", "?", "dialog[open] kbd"),
}
