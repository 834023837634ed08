"""Parts of the page that come later, while there is no line to fetch them by."""

from importlib.resources import files

from playwright.sync_api import Route, expect

from tests.web.people import Garden, put_caret, settle


def test_a_panel_that_cannot_be_fetched_says_so_and_comes_with_a_fresh_page(garden: Garden) -> None:
    page = garden.ada.tab()
    page.goto(f"/workspaces/{garden.workspace_id}")
    expect(page.locator("[data-note]")).to_be_visible()
    garden.ada.line.cut()
    page.get_by_role("button", name="Chat").click()
    missing = page.get_by_role("alert").filter(has_text="This part could not be loaded.")
    expect(missing).to_be_visible()
    garden.ada.line.mend()
    missing.get_by_role("button", name="Reload the page").click()
    expect(missing).to_have_count(0)
    page.get_by_role("button", name="Chat").click()
    expect(page.get_by_role("textbox", name="Write a message")).to_be_visible()


def test_a_dialog_that_cannot_be_fetched_says_so_in_the_corner(garden: Garden) -> None:
    page = garden.ada.tab()
    page.goto(f"/workspaces/{garden.workspace_id}")
    expect(page.locator("[data-note]")).to_be_visible()
    garden.ada.line.cut()
    page.get_by_role("button", name="Share").click()
    toast = page.get_by_role("alert").filter(has_text="This part could not be loaded.")
    expect(toast).to_be_visible()
    garden.ada.line.mend()
    toast.get_by_role("button", name="Reload the page").click()
    expect(toast).to_have_count(0)
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("dialog", name="Share “Garden”")).to_be_visible()


def test_a_page_that_missed_how_to_connect_loads_anew_and_connects(garden: Garden) -> None:
    chunks = files("nvserver") / "_web" / "_app" / "immutable" / "chunks"
    # What only the library says, of why a connection ended.
    texts = {one.name: one.read_text() for one in chunks.iterdir() if one.name.endswith(".js")}
    library = [name for name, text in texts.items() if "transport error" in text]
    assert library
    page = garden.ada.tab()
    missed: list[str] = []

    def once(route: Route) -> None:
        if missed:
            route.continue_()
        else:
            missed.append(route.request.url)
            route.abort()

    for name in library:
        page.route(f"**/{name}", once)
    page.goto(f"/workspaces/{garden.workspace_id}?note={garden.note_id}")
    page.wait_for_selector(".cm-content")
    put_caret(page, 1)
    page.keyboard.insert_text("and so on")
    settle([page], garden.ada, garden.note_id)
    assert len(missed) == 1
