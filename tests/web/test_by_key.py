"""A whole visit without a mouse: register, make a workspace and notes, write, move, connect, search, leave."""

from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.people import DEADLINE_MS, PASSWORD, sign_in, wait_for_state, wait_until, watch

MOST_STOPS = 60


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until `wanted` has the focus; where there is no way to it, says where the focus went."""
    wanted.wait_for()
    stops = []
    for _ in range(MOST_STOPS):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        stops.append(page.evaluate("() => document.activeElement.outerHTML.slice(0, 60)"))
    raise AssertionError(f"Tab does not lead there: {stops}")


def press(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")


def test_a_whole_visit_is_possible_without_a_mouse(browser: Browser, server: tuple[str, int]) -> None:
    context = browser.new_context(base_url=f"http://{server[0]}:{server[1]}", service_workers="block")
    faults = watch(context)
    page = context.new_page()
    page.set_default_timeout(DEADLINE_MS)

    page.goto("/login")
    press(page, page.get_by_role("button", name="Create account"))
    tab_to(page, page.get_by_label("Name"))
    page.keyboard.type("Keya Board")
    page.keyboard.press("Tab")
    page.keyboard.type("keya@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    press(page, page.get_by_role("button", name="Create your first workspace"))
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Allotment")
    page.keyboard.press("Enter")
    page.wait_for_url("**/workspaces/*")
    canvas = page.locator("section.canvas")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    tab_to(page, canvas)
    for title in ("Beans", "Poles"):
        page.keyboard.press("n")
        expect(page.locator(".world input")).to_be_focused()
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        expect(page.locator("[data-note]", has_text=title)).to_be_focused()
    # The second is put where the first one is: away with it. Once the server has it, it is not made anew any more.
    wait_for_state(page, "saved")
    before = page.locator("[data-note]:focus").bounding_box()
    for _ in range(6):
        page.keyboard.press("Alt+Shift+ArrowRight")
    wait_for_state(page, "saved")
    assert before is not None
    wait_until(page, "(x) => document.activeElement.getBoundingClientRect().x > x + 100", before["x"])

    page.keyboard.press("Control+a")
    page.keyboard.press("c")
    expect(page.locator("path.reach")).to_have_count(1)
    page.keyboard.press("Escape")

    page.locator("[data-note]", has_text="Beans").wait_for()
    while not page.locator("[data-note]:focus", has_text="Beans").count():
        page.keyboard.press("Shift+Tab" if page.locator("[data-note]:focus").count() else "Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cm-content")
    if not page.locator(".cm-content:focus").count():
        tab_to(page, page.locator(".cm-content"))
    page.keyboard.type("Sow in May, **deep**")
    page.keyboard.press("Enter")
    page.keyboard.type("- [ ] water")
    wait_for_state(page, "saved")
    page.keyboard.press("Escape")
    expect(page.locator(".cm-content")).to_have_count(0)
    expect(page.locator("[data-note]", has_text="Beans")).to_be_focused()

    page.keyboard.press("/")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    # What was written a moment ago is found a moment later.
    token = sign_in(context, "keya@example.org")
    found = """async (token) => {
      const answer = await fetch('/api/search?q=deep', { headers: { Authorization: `Bearer ${token}` } });
      return (await answer.json()).items.length > 0;
    }"""
    wait_until(page, found, token)
    page.keyboard.type("deep")
    press(page, page.locator("a.hit", has_text="Beans"))
    page.wait_for_selector(".cm-content")
    wait_until(page, "() => location.search.includes('note=')")
    page.keyboard.press("Escape")

    press(page, page.get_by_role("button", name="Keya Board"))
    leave = page.get_by_role("menuitem", name="Sign out")
    leave.wait_for()
    page.keyboard.press("End")
    expect(leave).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/login*")
    assert faults == []
    context.close()
