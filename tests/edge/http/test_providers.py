"""Signing in by a provider of OpenID Connect: a certified one, and one that lies."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import trio
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from nvserver.services.oidc_settings import OidcSettings
from tests.edge.http.client import Reply
from tests.edge.http.running import PASSWORD, PUBLIC_URL, Api, ApiOptions, open_api
from tests.edge.http.test_second_factors import protected
from tests.support.forged_provider import ForgedProvider, open_forged_provider
from tests.support.openid import SECRET, running_openid
from tests.support.wanderer import Wanderer

BASE = "/api/auth/providers"
HOME = f"{PUBLIC_URL}/sign-in"
PEOPLE = {
    "ada-1": {"email": "Ada@notes.test", "email_verified": True, "name": "Ada Lovelace"},
    "doubt": {"email": "ada@notes.test", "email_verified": False, "name": "Somebody"},
    "grace": {"email": "grace@notes.test", "email_verified": True},
    "quiet": {"name": "No Address"},
    "odd": {"email": "no address", "email_verified": True},
}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_openid(HOME, PEOPLE) as address:
        yield address


def settings(issuer: str, **changes: Any) -> ApiOptions:
    return ApiOptions(oidc=OidcSettings(issuer=issuer, client_secret=SECRET, name="The Firm", **changes))


async def went(api: Api, person: str, browser: Wanderer) -> Mapping[str, str]:
    """What the browser comes back with."""
    begun = await browser.ask(api.port, "POST", f"{BASE}/oidc/begin")
    assert begun.status == 200, begun.body
    return await browser.follow(begun.json["url"], HOME, {"X-Person": person})


async def signed_in(api: Api, person: str, browser: Wanderer | None = None) -> Reply:
    browser = browser or Wanderer()
    back = dict(await went(api, person, browser))
    if "error" in back:
        return Reply(0, {}, json.dumps(back).encode())
    return await browser.ask(api.port, "POST", f"{BASE}/finish", {**back, "delivery": "body"})


async def test_the_page_is_told_whom_to_ask(api: Api, issuer: str) -> None:
    assert await api.nobody.get(BASE) == {"items": [], "nextCursor": None}
    async with open_api(settings(issuer)) as other:
        assert (await other.nobody.get(BASE))["items"] == [{"id": "oidc", "name": "The Firm"}]
        assert (await other.nobody("POST", f"{BASE}/nobody/begin")).code == "PROVIDER_NOT_FOUND"


async def test_what_is_asked_is_as_the_standards_say(issuer: str) -> None:
    """RFC 6749, 4.1.1; RFC 7636, 4.2 and 4.3; OpenID Connect Core, 3.1.2.1."""
    async with open_api(settings(issuer)) as api:
        replies = [await api.nobody("POST", f"{BASE}/oidc/begin") for _ in range(2)]
        url = urlsplit(replies[0].json["url"])
        asked, other = ({n: v[0] for n, v in parse_qs(urlsplit(r.json["url"]).query).items()} for r in replies)
        assert f"{url.scheme}://{url.netloc}" == issuer
        assert asked["response_type"] == "code"
        assert (asked["client_id"], asked["redirect_uri"]) == ("notevault", HOME)
        assert asked["code_challenge_method"] == "S256"
        assert set(asked["scope"].split()) == {"openid", "email", "profile"}
        for name, least in (("state", 22), ("nonce", 22), ("code_challenge", 43)):
            assert len(asked[name]) >= least
            assert asked[name] != other[name]
        (cookie,) = replies[0].cookies
        assert {"HttpOnly", "SameSite=Strict", "Path=/api/auth", "Max-Age=600"} <= set(cookie.split("; "))
        assert asked["state"] not in cookie and asked["nonce"] not in cookie


async def test_who_is_new_gets_an_account_and_comes_back_to_it(issuer: str) -> None:
    async with open_api(settings(issuer, trust_email=True)) as api:
        browser = Wanderer()
        first = await signed_in(api, "ada-1", browser)
        assert first.status == 200, first.body
        user = first.json["user"]
        assert (user["email"], user["displayName"], user["emailVerified"]) == ("ada@notes.test", "Ada Lovelace", True)
        assert (await signed_in(api, "ada-1")).json["user"]["id"] == user["id"]
        assert (await signed_in(api, "grace")).json["user"]["displayName"] == "grace"
        assert not browser.cookies[api.port]["nv_provider"]
        password = await api.nobody("POST", "/api/auth/login", {"email": user["email"], "password": PASSWORD})
        assert password.code == "UNAUTHENTICATED"


async def test_a_browser_gets_the_refresh_token_in_its_cookie(issuer: str) -> None:
    async with open_api(settings(issuer)) as api:
        browser = Wanderer()
        back = await went(api, "grace", browser)
        reply = await browser.ask(api.port, "POST", f"{BASE}/finish", back)
        assert reply.status == 200 and "refreshToken" not in reply.json
        assert len(reply.cookies) == 2  # the new one, and the one that is done with
        assert (await browser.ask(api.port, "POST", "/api/auth/refresh")).status == 200


@pytest.mark.parametrize("trusted", [False, True])
async def test_an_account_is_handed_over_by_a_proved_address_only(issuer: str, trusted: bool) -> None:
    async with open_api(settings(issuer, trust_email=trusted)) as api:
        ada = await api.register("Ada")
        assert (await signed_in(api, "ada-1")).code == "EMAIL_TAKEN"  # not proved here: anybody could have made it
        await api.store.account_admin.set_verified(ada.user["id"], "ada@notes.test")
        assert (await signed_in(api, "doubt")).code == "EMAIL_TAKEN"  # not proved there
        reply = await signed_in(api, "ada-1")
        if not trusted:
            assert reply.code == "EMAIL_TAKEN"
            return
        assert reply.json["user"]["id"] == ada.user["id"]
        # Once known, the address does not matter any more.
        assert await api.store.identities.owner(issuer, "ada-1") == ada.user["id"]


async def test_an_address_that_is_not_trusted_is_to_be_proved(issuer: str) -> None:
    async with open_api(settings(issuer)) as api:
        reply = await signed_in(api, "grace")
        assert reply.json["user"]["emailVerified"] is False
        with trio.fail_after(60):
            assert (await api.mailer.wait_sent(1)).to == "grace@notes.test"


@pytest.mark.parametrize("person", ["quiet", "odd"])
async def test_without_an_address_there_is_no_account(issuer: str, person: str) -> None:
    async with open_api(settings(issuer)) as api:
        reply = await signed_in(api, person)
        assert (reply.status, reply.code) == (403, "REGISTRATION_REFUSED")


async def test_the_operator_may_let_nobody_register_so(issuer: str) -> None:
    async with open_api(settings(issuer, may_register=False)) as api:
        assert (await signed_in(api, "ada-1")).code == "REGISTRATION_REFUSED"
        assert await api.store.accounts.credentials("ada@notes.test") is None


async def test_the_second_factor_is_asked_for_too(issuer: str) -> None:
    async with open_api(settings(issuer, trust_email=True)) as api:
        ada, _, codes = await protected(api)
        await api.store.account_admin.set_verified(ada.user["id"], "ada@notes.test")
        needed = await signed_in(api, "ada-1")
        assert (needed.status, needed.code) == (401, "SECOND_FACTOR_NEEDED")
        ticket = needed.json["error"]["details"]["ticket"]

        async def give(ticket: str, code: str) -> Reply:
            return await api.nobody("POST", f"{BASE}/second-factor", {"ticket": ticket, "code": code})

        assert (await give(ticket, "000000")).code == "SECOND_FACTOR_WRONG"
        assert (await give(ticket[:-8] + "AAAAAAA=", codes[0])).code == "PROVIDER_SIGN_IN_FAILED"
        assert (await give(ticket, codes[0])).json["user"]["id"] == ada.user["id"]
        assert (await give(ticket, codes[0])).code == "SECOND_FACTOR_WRONG"
        api.clock.advance(301)
        assert (await give(ticket, codes[1])).code == "PROVIDER_SIGN_IN_FAILED"


async def test_who_is_suspended_does_not_come_in(issuer: str) -> None:
    async with open_api(settings(issuer)) as api:
        root = await api.register("Root")
        grace = (await signed_in(api, "grace")).json["user"]["id"]
        await root.put(f"/api/admin/users/{grace}", {"suspended": True})
        reply = await signed_in(api, "grace")
        assert (reply.status, reply.code) == (403, "ACCOUNT_SUSPENDED")


async def test_only_the_browser_that_went_may_come_back_and_once(issuer: str) -> None:
    async with open_api(settings(issuer)) as api:
        mine, other = Wanderer(), Wanderer()
        back = await went(api, "grace", mine)
        await went(api, "ada-1", other)
        for browser in (Wanderer(), other):  # a link that somebody else prepared
            reply = await browser.ask(api.port, "POST", f"{BASE}/finish", back)
            assert (reply.status, reply.code) == (401, "PROVIDER_SIGN_IN_FAILED")
        for change in ({"state": "x" * 32}, {"state": "é" * 32}, {"iss": "https://other.test"}, {"code": "made-up"}):
            reply = await mine.ask(api.port, "POST", f"{BASE}/finish", {**back, **change})
            assert reply.code == "PROVIDER_SIGN_IN_FAILED", change
        assert (await mine.ask(api.port, "POST", f"{BASE}/finish", back)).status == 200
        assert (await mine.ask(api.port, "POST", f"{BASE}/finish", back)).code == "PROVIDER_SIGN_IN_FAILED"


async def test_who_comes_back_too_late_begins_again(issuer: str) -> None:
    async with open_api(settings(issuer)) as api:
        browser = Wanderer()
        back = await went(api, "grace", browser)
        api.clock.advance(600)
        assert (await browser.ask(api.port, "POST", f"{BASE}/finish", back)).code == "PROVIDER_SIGN_IN_FAILED"


async def test_a_refusal_at_the_provider_comes_back_as_one(issuer: str) -> None:
    async with open_api(settings(issuer)) as api:
        assert (await signed_in(api, "nobody")).json["error"] == "access_denied"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "x"},
        {"state": "x"},
        {"code": "", "state": "x"},
        {"code": "x", "state": 1},
        {"code": "x" * 4097, "state": "x"},
        {"code": "x", "state": "x", "delivery": "pigeon"},
    ],
)
async def test_bad_input_is_told(api: Api, body: Any) -> None:
    reply = await api.nobody("POST", f"{BASE}/finish", body)
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
    assert (await api.nobody("POST", f"{BASE}/second-factor", {**body, "ticket": "x" * 1025})).status == 422


async def test_a_wrong_secret_of_ours_is_for_the_administrator(issuer: str) -> None:
    options = settings(issuer)
    async with open_api(options.but(oidc=replace(options.oidc, client_secret="wrong"))) as api:
        reply = await signed_in(api, "grace")
        assert (reply.status, reply.code) == (503, "UNAVAILABLE")


async def test_new_keys_of_the_provider_are_noticed() -> None:
    with running_openid(HOME, PEOPLE) as issuer:
        port = urlsplit(issuer).port
    async with open_api(settings(issuer, fresh_keys_seconds=0)) as api:
        for _ in range(2):  # each start makes another key
            with running_openid(HOME, PEOPLE, port):
                assert (await signed_in(api, "grace")).status == 200


# --- a provider that lies ---


@pytest.fixture
async def liar() -> AsyncIterator[ForgedProvider]:
    async with open_forged_provider() as provider:
        yield provider


async def outcome(api: Api, liar: ForgedProvider) -> tuple[int, str]:
    """What the server makes of the token that the liar gives out."""
    browser = Wanderer()
    begun = await browser.ask(api.port, "POST", f"{BASE}/oidc/begin")
    if begun.status != 200:
        return begun.status, begun.code
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.json["url"]).query).items()}
    liar.nonce = asked["nonce"]
    reply = await browser.ask(api.port, "POST", f"{BASE}/finish", {"code": "c", "state": asked["state"]})
    verifier = liar.form.get("code_verifier", "")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    assert not liar.form or challenge == asked["code_challenge"]
    return reply.status, "" if reply.status == 200 else reply.code


def forged(issuer: str, **changes: Any) -> ApiOptions:
    return ApiOptions(oidc=OidcSettings(issuer=issuer, client_secret=SECRET, **changes))


async def test_an_honest_token_is_taken(liar: ForgedProvider) -> None:
    async with open_api(forged(liar.issuer)) as api:
        assert await outcome(api, liar) == (200, "")


LIES: dict[str, Mapping[str, Any]] = {
    "issuer": {"iss": "https://other.test"},
    "audience": {"aud": "another"},
    "audiences": {"aud": ["notevault", "another"]},
    "for another of them": {"aud": ["notevault", "another"], "azp": "another"},
    "given to another": {"azp": "another"},
    "expired": {"exp": time.time() - 3600},
    "of tomorrow": {"iat": time.time() + 3600},
    "not yet good": {"nbf": time.time() + 3600},
    "nonce": {"nonce": "another"},
    "without nonce": {"nonce": None},
    "without expiry": {"exp": None},
    "without issue": {"iat": None},
    "without subject": {"sub": None},
    "empty subject": {"sub": ""},
    "number as subject": {"sub": 7},
    "endless subject": {"sub": "x" * 256},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_does_not_fit_is_refused(liar: ForgedProvider, lie: str) -> None:
    liar.changes = LIES[lie]
    async with open_api(forged(liar.issuer)) as api:
        assert await outcome(api, liar) == (401, "PROVIDER_SIGN_IN_FAILED")


def hs256(claims: Mapping[str, Any], secret: bytes, kid: str) -> str:
    """By hand, since libraries refuse to confuse a public key with a secret."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": kid}, claims)]
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(secret, text, "sha256")).rstrip(b"=")
    return b".".join((text, signature)).decode()


@pytest.mark.parametrize("way", ["none", "our secret", "public key as secret", "another key", "no jws", "huge kid"])
async def test_a_token_that_the_provider_did_not_sign_is_refused(liar: ForgedProvider, way: str) -> None:
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    public = liar.key.public_key().public_bytes(*pem)
    makers = {
        "none": lambda claims: jwt.encode(claims, None, "none", {"kid": liar.kid}),
        "our secret": lambda claims: jwt.encode(claims, SECRET, "HS256", {"kid": liar.kid}),
        "public key as secret": lambda claims: hs256(claims, public, liar.kid),
        "another key": lambda claims: jwt.encode(
            claims, ec.generate_private_key(ec.SECP256R1()), "ES256", {"kid": liar.kid}
        ),
        "no jws": lambda claims: "a.b.c",
        "huge kid": lambda claims: jwt.encode(claims, liar.key, "ES256", {"kid": "k" * 10_000}),
    }
    liar.sign = makers[way]
    async with open_api(forged(liar.issuer)) as api:
        assert await outcome(api, liar) == (401, "PROVIDER_SIGN_IN_FAILED")


async def test_a_new_key_is_read_at_once_but_unknown_ones_not_again_and_again(liar: ForgedProvider) -> None:
    async with open_api(forged(liar.issuer, fresh_keys_seconds=60)) as api:
        assert await outcome(api, liar) == (200, "")
        liar.rotate()
        assert await outcome(api, liar) == (401, "PROVIDER_SIGN_IN_FAILED")
        assert liar.asked["/jwks"] == 1
        api.clock.advance(60)
        assert await outcome(api, liar) == (200, "")
        assert await outcome(api, liar) == (200, "")
        assert liar.asked["/jwks"] == 2


async def test_user_info_of_somebody_else_is_refused(liar: ForgedProvider) -> None:
    liar.changes, liar.user_info = {"email": None}, {"sub": "another", "email": "ada@notes.test"}
    async with open_api(forged(liar.issuer)) as api:
        assert await outcome(api, liar) == (401, "PROVIDER_SIGN_IN_FAILED")


@pytest.mark.parametrize("key", ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
async def test_a_provider_that_is_not_the_named_one_is_not_asked(liar: ForgedProvider, key: str) -> None:
    liar.description = {key: "http://other.test/x"}
    async with open_api(forged(liar.issuer)) as api:
        assert await outcome(api, liar) == (503, "UNAVAILABLE")
        assert not liar.form


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
@pytest.mark.parametrize("answer", [b"", b"no JSON", b"[" * 100_000, b"[]", b"{}"])
async def test_a_provider_that_talks_nonsense_harms_nobody(liar: ForgedProvider, path: str, answer: bytes) -> None:
    liar.instead[path] = answer
    async with open_api(forged(liar.issuer)) as api:
        assert await outcome(api, liar) == (503, "UNAVAILABLE")
        del liar.instead[path]
        api.clock.advance(60)
        assert await outcome(api, liar) == (200, "")


async def test_a_provider_that_is_away_is_told_as_that() -> None:
    async with open_api(forged("http://127.0.0.1:9")) as api:
        reply = await api.nobody("POST", f"{BASE}/oidc/begin")
        assert (reply.status, reply.code) == (503, "UNAVAILABLE")
