"""Several providers at one server, and linking an account to them by hand, with certified providers."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import trio

from nvserver.ports.mail import Mail
from nvserver.ports.store import Store
from nvserver.services.oidc_settings import OidcSettings
from tests.edge.http.client import Client, Reply
from tests.edge.http.running import PASSWORD, PUBLIC_URL, Api, ApiOptions, open_api
from tests.edge.http.test_providers import BASE as PROVIDERS
from tests.edge.http.test_providers import signed_in, went
from tests.edge.http.test_second_factors import protected
from tests.support.openid import SECRET, running_openid
from tests.support.wanderer import Wanderer

BASE = "/api/auth/identities"
HOME = f"{PUBLIC_URL}/sign-in"
PEOPLE = {
    "ada-1": {"email": "ada@notes.test", "email_verified": True, "name": "Ada Lovelace"},
    "grace": {"email": "grace@notes.test", "email_verified": True},
}


@pytest.fixture(scope="module")
def issuers() -> Iterator[tuple[str, str]]:
    with running_openid(HOME, PEOPLE) as firm, running_openid(HOME, PEOPLE) as school:
        yield firm, school


@pytest.fixture
def two(issuers: tuple[str, str]) -> ApiOptions:
    """The firm and the school."""
    firm, school = issuers
    return ApiOptions(
        oidc=OidcSettings(issuer=firm, client_secret=SECRET, name="The Firm"),
        oidc_providers={"school": OidcSettings(issuer=school, client_secret=SECRET, name="The School")},
    )


def by(client: Client) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {client.token}"}


async def came_back(
    api: Api, client: Client, person: str, browser: Wanderer, proof: Mapping[str, Any], provider: str = "oidc"
) -> Mapping[str, str]:
    """What the browser brings from the provider that it was sent to for linking."""
    begun = await browser.ask(api.port, "POST", f"{BASE}/begin", {"provider": provider, **proof}, by(client))
    assert begun.status == 200, begun.body
    return await browser.follow(begun.json["url"], HOME, {"X-Person": person})


async def linked(
    api: Api, client: Client, person: str, proof: Mapping[str, Any] | None = None, provider: str = "oidc"
) -> Reply:
    browser = Wanderer()
    back = await came_back(api, client, person, browser, proof or {"password": PASSWORD}, provider)
    return await browser.ask(api.port, "POST", BASE, back, by(client))


def client_of(api: Api, reply: Reply) -> Client:
    assert reply.status == 200, reply.body
    return Client(api.port, reply.json["accessToken"], reply.json["user"])


async def sent(api: Api, kind: str) -> Mail:
    """The first mail of that kind, once there is one."""
    with trio.fail_after(60):
        for count in range(1, 100):
            mail = await api.mailer.wait_sent(count)
            if mail.kind == kind:
                return mail
    raise AssertionError("no such mail")


async def test_each_provider_has_its_button_and_signs_in(two: ApiOptions) -> None:
    async with open_api(two) as api:
        names = [(one["id"], one["name"]) for one in (await api.nobody.get(PROVIDERS))["items"]]
        assert names == [("oidc", "The Firm"), ("school", "The School")]
        browser = Wanderer()
        begun = await browser.ask(api.port, "POST", f"{PROVIDERS}/school/begin")
        assert begun.json["url"].startswith(str(two.oidc_providers["school"].issuer))
        back = await browser.follow(begun.json["url"], HOME, {"X-Person": "grace"})
        grace = await browser.ask(api.port, "POST", f"{PROVIDERS}/finish", {**back, "delivery": "body"})
        items = (await client_of(api, grace).get(BASE))["items"]
        assert [(one["providerId"], one["providerName"]) for one in items] == [("school", "The School")]


async def test_what_one_provider_gave_is_not_taken_as_from_another(two: ApiOptions) -> None:
    """RFC 9700, 4.4: the answer says who gave it, and one that always says so has to."""
    async with open_api(two) as api:
        browser = Wanderer()
        back = dict(await went(api, "grace", browser))
        assert back["iss"] == two.oidc.issuer
        for change in ({"iss": str(two.oidc_providers["school"].issuer)}, {"iss": None}):
            reply = await browser.ask(api.port, "POST", f"{PROVIDERS}/finish", {**back, **change})
            assert (reply.status, reply.code) == (401, "PROVIDER_SIGN_IN_FAILED")


async def test_an_identity_is_linked_and_then_signs_in_whatever_the_addresses_are(two: ApiOptions) -> None:
    async with open_api(two) as api:
        ada = await api.register("Ada")
        assert await ada.get(BASE) == {"items": [], "hasPassword": True, "nextCursor": None}
        assert (await signed_in(api, "ada-1")).code == "EMAIL_TAKEN"  # by the address alone nobody gets in
        reply = await linked(api, ada, "grace")
        assert reply.status == 201, reply.body
        (item,) = (await ada.get(BASE))["items"]
        assert item == reply.json["identity"]
        assert (await signed_in(api, "grace")).json["user"]["id"] == ada.user["id"]
        assert (await linked(api, ada, "grace")).json["identity"] == item  # once more is the same
        other = await linked(api, ada, "ada-1", provider="school")
        assert [one["id"] for one in (await ada.get(BASE))["items"]] == [item["id"], other.json["identity"]["id"]]


async def test_an_identity_has_one_account(two: ApiOptions) -> None:
    async with open_api(two) as api:
        ada, ben = await api.register("Ada"), await api.register("Ben")
        await linked(api, ada, "grace")
        reply = await linked(api, ben, "grace")
        assert (reply.status, reply.code) == (409, "IDENTITY_TAKEN")
        assert (await ben.get(BASE))["items"] == []
        assert (await signed_in(api, "grace")).json["user"]["id"] == ada.user["id"]


async def test_who_links_shows_once_more_who_he_is(two: ApiOptions) -> None:
    async with open_api(two) as api:
        ada, _, codes = await protected(api)

        async def begin(**proof: str) -> Reply:
            return await ada("POST", f"{BASE}/begin", {"provider": "oidc", **proof})

        for proof, path in (
            ({}, "password"),
            ({"password": "wrong", "code": codes[0]}, "password"),
            ({"password": PASSWORD}, "code"),
            ({"password": PASSWORD, "code": "000000"}, "code"),
        ):
            reply = await begin(**proof)
            assert (reply.status, reply.json["error"]["details"][0]["path"]) == (422, path), proof
        reply = await linked(api, ada, "grace", {"password": PASSWORD, "code": codes[0]})
        assert reply.status == 201
        identity = reply.json["identity"]["id"]
        assert (await ada("POST", f"{BASE}/{identity}/unlink", {"password": PASSWORD})).status == 422
        gone = await ada("POST", f"{BASE}/{identity}/unlink", {"password": PASSWORD, "code": codes[1]})
        assert gone.status == 204
        assert (await ada.get(BASE))["items"] == []


async def test_only_the_browser_and_the_person_that_went_link(two: ApiOptions) -> None:
    """Else a link that an attacker prepared would give him the way into somebody's account."""
    async with open_api(two) as api:
        ada, ben = await api.register("Ada"), await api.register("Ben")
        browser, proof = Wanderer(), {"password": PASSWORD}
        back = await came_back(api, ada, "grace", browser, proof)
        for client, other in ((ada, Wanderer()), (ben, browser)):
            reply = await other.ask(api.port, "POST", BASE, back, by(client))
            assert (reply.status, reply.code) == (403, "PROVIDER_LINK_FAILED")
        # Begun for the one it is no good for the other.
        assert (await browser.ask(api.port, "POST", f"{PROVIDERS}/finish", back)).code == "PROVIDER_SIGN_IN_FAILED"
        signing = Wanderer()
        reply = await signing.ask(api.port, "POST", BASE, await went(api, "grace", signing), by(ada))
        assert reply.code == "PROVIDER_LINK_FAILED"
        assert (await ada.get(BASE))["items"] == []
        assert (await browser.ask(api.port, "POST", BASE, back, by(ada))).status == 201
        assert (await browser.ask(api.port, "POST", BASE, back, by(ada))).code == "PROVIDER_LINK_FAILED"


async def test_nobody_is_left_without_a_way_to_sign_in(two: ApiOptions) -> None:
    async with open_api(two) as api:
        grace = client_of(api, await signed_in(api, "grace"))
        listed = await grace.get(BASE)
        assert listed["hasPassword"] is False
        (first,) = (one["id"] for one in listed["items"])
        reply = await grace("POST", f"{BASE}/{first}/unlink", {})
        assert (reply.status, reply.code) == (409, "CONFLICT")
        second = (await linked(api, grace, "ada-1", {"password": "not asked for"}, "school")).json["identity"]["id"]
        gone: list[int] = []

        async def unlink(identity: str) -> None:
            gone.append((await grace("POST", f"{BASE}/{identity}/unlink", {})).status)

        async with trio.open_nursery() as nursery:
            for identity in (first, second):
                nursery.start_soon(unlink, identity)
        assert sorted(gone) == [204, 409]
        (left,) = (one["id"] for one in (await grace.get(BASE))["items"])
        # A password makes the last one dispensable; it is chosen by a mail.
        await api.nobody("POST", "/api/auth/password/reset", {"email": "grace@notes.test"})
        token = (await sent(api, "reset-password")).text.partition("#token=")[2].split()[0]
        body = {"token": token, "password": PASSWORD}
        assert (await api.nobody("POST", "/api/auth/password/reset/confirm", body)).status == 204
        login = {"email": "grace@notes.test", "password": PASSWORD, "delivery": "body"}
        grace = client_of(api, await api.nobody("POST", "/api/auth/login", login))
        assert (await grace("POST", f"{BASE}/{left}/unlink", {"password": PASSWORD})).status == 204
        assert await grace.get(BASE) == {"items": [], "hasPassword": True, "nextCursor": None}


@asynccontextmanager
async def _kept(store: Store) -> AsyncIterator[Store]:
    yield store


async def test_a_provider_that_was_taken_away_is_no_way_to_sign_in(two: ApiOptions, issuers: tuple[str, str]) -> None:
    async with open_api(two) as api:
        grace = client_of(api, await signed_in(api, "grace"))
        await linked(api, grace, "ada-1", {}, "school")
        store = api.store
        async with open_api(replace(two, oidc_providers={}, open_store=lambda: _kept(store))) as later:
            grace = client_of(later, await signed_in(later, "grace"))
            items = (await grace.get(BASE))["items"]
            assert [(one["providerId"], one["providerName"]) for one in items] == [
                ("oidc", "The Firm"),
                (None, issuers[1]),
            ]
            assert (await grace("POST", f"{BASE}/{items[0]['id']}/unlink", {})).code == "CONFLICT"
            assert (await grace("POST", f"{BASE}/{items[1]['id']}/unlink", {})).status == 204


async def test_who_has_no_password_shows_a_sign_in_of_now(two: ApiOptions) -> None:
    async with open_api(two) as api:
        grace = client_of(api, await signed_in(api, "grace"))
        api.clock.advance(601)
        for path, body in (
            ("begin", {"provider": "school"}),
            (f"{(await grace.get(BASE))['items'][0]['id']}/unlink", {}),
        ):
            reply = await grace("POST", f"{BASE}/{path}", body)
            assert (reply.status, reply.code) == (403, "SIGN_IN_TOO_OLD")
        grace = client_of(api, await signed_in(api, "grace"))
        assert (await grace("POST", f"{BASE}/begin", {"provider": "school"})).status == 200
        # No password fits an account that has none.
        for password in ("!", "", PASSWORD):
            login = {"email": "grace@notes.test", "password": password}
            assert (await api.nobody("POST", "/api/auth/login", login)).code == "UNAUTHENTICATED"


async def test_the_audit_log_tells_of_it(two: ApiOptions) -> None:
    async with open_api(two) as api:
        ada = await api.register("Ada")
        identity = (await linked(api, ada, "grace")).json["identity"]["id"]
        await ada("POST", f"{BASE}/{identity}/unlink", {"password": PASSWORD})
        raw = (await ada("GET", "/api/admin/audit")).body.decode()
        for act in ("auth.identity_begin", "auth.identity_link", "auth.identity_unlink"):
            assert act in raw
        assert PASSWORD not in raw
        mail = await sent(api, "safety")
        assert mail.to == "ada@notes.test" and "sign in to your account with The Firm too" in mail.text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/begin", {}),
        ("/begin", {"provider": ""}),
        ("/begin", {"provider": "x" * 33}),
        ("/begin", {"provider": "oidc", "password": 7}),
        ("/begin", {"provider": "oidc", "code": ""}),
        ("", {}),
        ("", {"code": "", "state": "x"}),
        ("", {"code": "x" * 4097, "state": "x"}),
        ("/00000000-0000-4000-8000-000000000000/unlink", {"password": []}),
    ],
)
async def test_bad_input_is_told(api: Api, path: str, body: Any) -> None:
    ada = await api.register("Ada")
    reply = await ada("POST", f"{BASE}{path}", body)
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")


async def test_what_is_not_there_is_told_before_anything_is_asked(api: Api) -> None:
    ada = await api.register("Ada")
    for identity in ("00000000-0000-4000-8000-000000000000", "no-id"):
        reply = await ada("POST", f"{BASE}/{identity}/unlink", {})
        assert (reply.status, reply.code) == (404, "IDENTITY_NOT_FOUND")
    assert (await ada("POST", f"{BASE}/begin", {"provider": "oidc"})).code == "PROVIDER_NOT_FOUND"
