"""Signing in by a provider of OpenID Connect, in a browser."""

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.openid import SECRET, running_openid
from tests.support.ports import free_port
from tests.support.server import CHEAP, ServerProcess
from tests.web.people import DEADLINE_MS

PEOPLE = {
    "ada-1": {"email": "ada@notes.test", "email_verified": True, "name": "Ada Lovelace"},
    "quiet": {"name": "No Address"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    port = free_port()
    with running_openid(f"http://127.0.0.1:{port}/sign-in", PEOPLE) as issuer:
        settings = {
            **CHEAP,
            "NV_OIDC__ISSUER": issuer,
            "NV_OIDC__CLIENT_SECRET": SECRET,
            "NV_OIDC__NAME": "the firm",
            "NV_OIDC__TRUST_EMAIL": "on",
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
