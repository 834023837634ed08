"""Signing in by providers of OpenID Connect and linking an account to them, in a browser."""

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.openid import SECRET, running_openid
from tests.support.ports import free_port
from tests.support.server import CHEAP, ServerProcess
from tests.web.people import DEADLINE_MS
from tests.web.test_pages import serious

PASSWORD = "a long and rare one"
PEOPLE = {
    "ada-1": {"email": "ada@notes.test", "email_verified": True, "name": "Ada Lovelace"},
    "quiet": {"name": "No Address"},
    "ben-7": {"email": "other@school.test", "email_verified": True, "name": "B."},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    port = free_port()
    home = f"http://127.0.0.1:{port}/sign-in"
    with running_openid(home, PEOPLE) as issuer, running_openid(home, PEOPLE) as school:
        settings = {
            **CHEAP,
            "NV_OIDC__ISSUER": issuer,
            "NV_OIDC__CLIENT_SECRET": SECRET,
            "NV_OIDC__NAME": "the firm",
            "NV_OIDC__TRUST_EMAIL": "on",
            "NV_OIDC_PROVIDERS__SCHOOL__ISSUER": school,
            "NV_OIDC_PROVIDERS__SCHOOL__CLIENT_SECRET": SECRET,
            "NV_OIDC_PROVIDERS__SCHOOL__NAME": "the school",
        }
        server = ServerProcess(tmp_path_factory.mktemp("providers") / "data", settings)
        server.port = port
        try:
            server.start()
            yield server
        finally:
            server.kill()


def come(browser: Browser, server: ServerProcess, person: str) -> Page:
    """A new browser, at the sign-in page, on the way to the settings; whoever it is at the provider."""
    context = browser.new_context(base_url=server.url, extra_http_headers={"X-Person": person}, locale="en")
    page = context.new_page()
    page.set_default_timeout(DEADLINE_MS)
    page.goto("/login?next=%2Fsettings")
    page.get_by_role("button", name="Sign in with the firm").click()
    return page


def test_people_come_in_by_a_provider_and_go_where_they_wanted(browser: Browser, server: ServerProcess) -> None:
    page = come(browser, server, "ada-1")
    page.wait_for_url("**/settings")
    name = page.get_by_role("region", name="Profile").get_by_label("Name")
    expect(name).to_have_value("Ada Lovelace")
    page.reload()
    expect(name).to_have_value("Ada Lovelace")
    token = page.context.request.post("/api/auth/refresh", data={}).json()["accessToken"]

    def ask(path: str, body: object) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {token}"}
        return page.context.request.post(f"/api/auth/second-factor{path}", data=body, headers=headers).json()

    totp = pyotp.TOTP(ask("", {})["secret"])
    codes = ask("/confirm", {"code": totp.now()})["recoveryCodes"]
    again = come(browser, server, "ada-1")
    again.get_by_label("Code").fill(codes[0])
    again.get_by_role("button", name="Sign in", exact=True).click()
    again.wait_for_url("**/settings")
    for one in (page, again):
        one.context.close()


def test_who_is_refused_is_told_why(browser: Browser, server: ServerProcess) -> None:
    for person, words in (("nobody", "Please begin again"), ("quiet", "There is no account for you here")):
        page = come(browser, server, person)
        expect(page.get_by_role("alert")).to_contain_text(words)
        assert page.url == f"{server.url}/sign-in"  # nothing of it stays in the address
        page.get_by_role("link", name="Back to sign in").click()
        page.wait_for_url("**/login")
        page.context.close()


def test_an_account_is_linked_and_unlinked_in_the_settings(browser: Browser, server: ServerProcess) -> None:
    context = browser.new_context(base_url=server.url, extra_http_headers={"X-Person": "ben-7"}, locale="en")
    page = context.new_page()
    page.set_default_timeout(DEADLINE_MS)
    account = {"email": "ben@notes.test", "password": PASSWORD, "displayName": "Ben"}
    assert page.request.post("/api/auth/register", data=account).status == 201
    page.goto("/settings")
    linked = page.get_by_role("region", name="Linked accounts")
    expect(linked).to_contain_text("No other account is linked")
    linked.get_by_role("button", name="Link the school").click()
    linked.get_by_label("Current password").fill("not this one")
    linked.get_by_role("button", name="Go to the school").click()
    expect(linked).to_contain_text("This password is wrong")
    assert serious(page) == []
    linked.get_by_label("Current password").fill(PASSWORD)
    linked.get_by_role("button", name="Go to the school").click()
    page.wait_for_url("**/settings")
    expect(page.get_by_text("From now on you can sign in with the school.")).to_be_visible()
    expect(linked.get_by_role("listitem")).to_contain_text("the school")
    expect(linked.get_by_role("button", name="Link the firm")).to_be_visible()
    expect(linked.get_by_role("button", name="Link the school", exact=True)).to_have_count(0)

    other = browser.new_context(base_url=server.url, extra_http_headers={"X-Person": "ben-7"}, locale="en").new_page()
    other.set_default_timeout(DEADLINE_MS)
    other.goto("/login?next=%2Fsettings")
    expect(other.get_by_role("button", name="Sign in with the firm")).to_be_visible()
    other.get_by_role("button", name="Sign in with the school").click()
    other.wait_for_url("**/settings")
    expect(other.get_by_role("region", name="Profile")).to_contain_text("ben@notes.test")
    other.context.close()

    linked.get_by_role("button", name="Unlink the school").click()
    linked.get_by_label("Current password").fill(PASSWORD)
    linked.get_by_role("button", name="Unlink", exact=True).click()
    expect(linked).to_contain_text("No other account is linked")
    context.close()


def test_who_is_refused_while_linking_goes_back_to_the_settings(browser: Browser, server: ServerProcess) -> None:
    context = browser.new_context(base_url=server.url, extra_http_headers={"X-Person": "nobody"}, locale="en")
    page = context.new_page()
    page.set_default_timeout(DEADLINE_MS)
    account = {"email": "cy@notes.test", "password": PASSWORD, "displayName": "Cy"}
    assert page.request.post("/api/auth/register", data=account).status == 201
    page.goto("/settings")
    linked = page.get_by_role("region", name="Linked accounts")
    linked.get_by_role("button", name="Link the firm").click()
    linked.get_by_label("Current password").fill(PASSWORD)
    linked.get_by_role("button", name="Go to the firm").click()
    expect(page.get_by_role("alert")).to_contain_text("Please begin again")
    page.get_by_role("link", name="Back to settings").click()
    expect(linked).to_contain_text("No other account is linked")
    context.close()
