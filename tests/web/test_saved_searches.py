"""Searching, and keeping searches, through the real page."""

from playwright.sync_api import Page, expect

from tests.web.people import Garden


def find(page: Page, words: str, wanted: str) -> None:
    """Type until the index has it: it is fresh within two seconds."""
    field = page.get_by_role("searchbox", name="Search")
    hit = page.locator(".hit", has_text=wanted)
    for _ in range(20):
        field.fill(words)
        page.wait_for_timeout(300)
        if hit.count():
            return
        field.fill("")
    expect(hit).to_be_visible()


def test_a_search_is_kept_run_changed_and_deleted(garden: Garden) -> None:
    page = garden.ada.tab()
    page.goto("/search")
    expect(page.get_by_text("A search that you need again can be saved")).to_be_visible()
    find(page, "seeds", "Spring")
    page.get_by_role("button", name="Save search").click()
    dialog = page.get_by_role("dialog", name="Save search")
    dialog.get_by_label("Name").fill("What to sow")
    dialog.get_by_label("Tell me when something new fits").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("searchbox", name="Search").fill("")
    expect(page.get_by_role("button", name="Alert of “What to sow”")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Alert of “What to sow”").click()
    expect(page.get_by_role("button", name="Alert of “What to sow”")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Change “What to sow”").click()
    page.get_by_role("dialog").get_by_label("What to look for").fill("beds")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("button", name="What to sow beds").click()
    expect(page.locator(".hit", has_text="Spring")).to_be_visible()
    assert "q=beds" in page.url
    page.get_by_role("searchbox", name="Search").fill("")
    page.get_by_role("button", name="Delete “What to sow”").click()
    expect(page.get_by_text("A search that you need again can be saved")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="What to sow beds")).to_be_visible()
    assert len(garden.ada.api("GET", "/api/search/saved")["items"]) == 1  # type: ignore[arg-type]


def test_facets_count_and_narrow_and_operators_are_explained(garden: Garden) -> None:
    other = garden.ada.api("POST", "/api/workspaces", {"name": "Kitchen"})["workspace"]
    assert isinstance(other, dict)
    garden.ada.api("POST", f"/api/workspaces/{other['id']}/notes", {"title": "Soup", "content": "Seeds on top"})
    page = garden.ada.tab()
    page.goto("/search")
    find(page, "seeds", "Soup")
    expect(page.get_by_role("button", name="Notes 2")).to_be_visible()
    page.get_by_label("Workspace").select_option("Kitchen (1)")
    expect(page.locator(".hit")).to_have_count(1)
    page.get_by_label("Workspace").select_option("All workspaces")
    page.get_by_text("How to search more precisely").click()
    page.get_by_role("button", name="author:me").click()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("seeds author:me")
    expect(page.locator(".hit")).to_have_count(2)


def test_a_kept_search_tells_of_what_is_new(garden: Garden) -> None:
    body = {"name": "Peas", "query": "peas", "alert": True}
    garden.ada.api("POST", "/api/search/saved", body)
    page = garden.ada.tab()
    page.goto("/search")
    garden.ben.api("POST", f"/api/workspaces/{garden.workspace_id}/notes", {"title": "Peas", "content": "Sow them"})
    for _ in range(60):
        items = garden.ada.api("GET", "/api/notifications")["items"]
        assert isinstance(items, list)
        if "search.alert" in {item["kind"] for item in items}:
            break
        page.wait_for_timeout(250)
    else:
        raise AssertionError("No alert came")
    page.reload()
    page.get_by_role("button", name="Notifications").first.click()
    expect(page.get_by_role("dialog").get_by_text("Something new for a search you saved")).to_be_visible()


def test_a_broken_line_is_told(garden: Garden) -> None:
    page = garden.ada.tab()
    page.goto("/search")
    expect(page.get_by_text("A search that you need again can be saved")).to_be_visible()
    garden.ada.line.cut()
    page.get_by_role("searchbox", name="Search").fill("seeds")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    garden.ada.line.mend()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_workspace_is_searched_in_the_language_that_is_chosen(garden: Garden) -> None:
    page = garden.ada.tab()
    path = f"/api/workspaces/{garden.workspace_id}"
    for chosen, wanted in (("German", "german"), ("As the server is set", None)):
        page.goto("/")
        page.get_by_role("button", name="More for").first.click()
        page.get_by_role("menuitem", name="Workspace settings").click()
        dialog = page.get_by_role("dialog", name="Workspace settings")
        dialog.get_by_label("Language of the search").select_option(label=chosen)
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_have_count(0)
        told = garden.ada.api("GET", path)["workspace"]
        assert isinstance(told, dict)
        assert told["searchLanguage"] == wanted
