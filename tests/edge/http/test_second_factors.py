"""The second factor, through HTTP. The codes are those of an app of another make: computed here by RFC 6238 alone."""

import base64
import hashlib
import hmac
import struct
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.edge.http.client import Client, Reply
from tests.edge.http.running import PASSWORD, Api, ApiOptions, open_api

BASE = "/api/auth/second-factor"


def code_of(secret: str, seconds: float) -> str:
    """RFC 6238 with SHA-1, six digits and steps of 30 seconds (its appendix B, and RFC 4226, 5.4)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(seconds) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_the_codes_of_these_tests_are_those_of_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert [code_of(secret, at) for at in (59, 1111111109, 20000000000)] == ["287082", "081804", "353130"]


async def sign_in(api: Api, code: str | None = None) -> Reply:
    body = {"email": "ada@notes.test", "password": PASSWORD, "code": code}
    return await api.nobody("POST", "/api/auth/login", body)


async def protected(api: Api) -> tuple[Client, str, list[str]]:
    """Ada with a second factor, its secret, and her recovery codes."""
    ada = await api.register("Ada")
    secret = (await ada.post(BASE, {}))["secret"]
    confirmed = await ada.post(f"{BASE}/confirm", {"code": code_of(secret, api.clock.now_ms() / 1000)})
    api.clock.advance(30)
    return ada, secret, confirmed["recoveryCodes"]


async def test_an_app_is_set_up_and_then_asked_for(api: Api) -> None:
    ada = await api.register("Ada")
    assert await ada.get(BASE) == {"enabled": False, "recoveryCodesLeft": 0}
    made = await ada.post(BASE, {})
    uri = urlsplit(made["uri"])
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/NoteVault:ada%40notes.test")
    assert parse_qs(uri.query) == {"secret": [made["secret"]], "issuer": ["NoteVault"]}
    assert (await sign_in(api)).status == 200  # not confirmed yet
    assert (await ada("POST", f"{BASE}/confirm", {"code": "000000"})).status == 422
    now = api.clock.now_ms() / 1000
    codes = (await ada.post(f"{BASE}/confirm", {"code": code_of(made["secret"], now)}))["recoveryCodes"]
    assert len(set(codes)) == 10
    assert await ada.get(BASE) == {"enabled": True, "recoveryCodesLeft": 10}
    needed = await sign_in(api)
    assert (needed.status, needed.code) == (401, "SECOND_FACTOR_NEEDED")
    replayed = await sign_in(api, code_of(made["secret"], now))
    assert (replayed.status, replayed.code) == (401, "SECOND_FACTOR_WRONG")
    api.clock.advance(30)
    next_code = code_of(made["secret"], api.clock.now_ms() / 1000)
    assert (await sign_in(api, f"{next_code[:3]} {next_code[3:]}")).status == 200
    assert (await sign_in(api, next_code)).code == "SECOND_FACTOR_WRONG"
    assert (await ada("POST", BASE, {})).code == "CONFLICT"


async def test_without_the_right_password_nothing_tells_of_a_second_factor(api: Api) -> None:
    await protected(api)
    for email in ("ada@notes.test", "nobody@notes.test"):
        reply = await api.nobody("POST", "/api/auth/login", {"email": email, "password": "a wrong password"})
        assert reply.code == "UNAUTHENTICATED"


async def test_a_recovery_code_signs_in_once_however_it_is_typed(api: Api) -> None:
    ada, _, codes = await protected(api)
    assert (await sign_in(api, codes[0])).status == 200
    assert (await sign_in(api, codes[0])).code == "SECOND_FACTOR_WRONG"
    assert (await sign_in(api, codes[1].upper().replace("-", " "))).status == 200
    assert (await ada.get(BASE))["recoveryCodesLeft"] == 8
    new = (await ada.post(f"{BASE}/recovery-codes", {"code": codes[2]}))["recoveryCodes"]
    assert (await sign_in(api, codes[3])).code == "SECOND_FACTOR_WRONG"
    assert (await sign_in(api, new[0])).status == 200


@pytest.mark.parametrize("off", [-60, 90])
async def test_the_clock_of_the_device_may_be_off_a_little(api: Api, off: int) -> None:
    _, secret, _ = await protected(api)
    api.clock.advance(300)
    now = api.clock.now_ms() / 1000
    assert (await sign_in(api, code_of(secret, now + off))).code == "SECOND_FACTOR_WRONG"
    assert (await sign_in(api, code_of(secret, now + 30 * (1 if off > 0 else -1)))).status == 200


async def test_ending_it_needs_a_code(api: Api) -> None:
    ada, secret, _ = await protected(api)
    for code in ("000000", "x", "０００００0"):
        assert (await ada("POST", f"{BASE}/end", {"code": code})).status == 422
    body = {"code": code_of(secret, api.clock.now_ms() / 1000)}
    assert (await ada("POST", f"{BASE}/end", body)).status == 204
    assert (await sign_in(api)).status == 200
    assert (await ada("POST", f"{BASE}/end", body)).status == 422


async def test_an_administrator_helps_who_lost_everything(api: Api) -> None:
    root = await api.register("Root")
    ada, _, _ = await protected(api)
    path = f"/api/admin/users/{ada.user['id']}/second-factor"
    assert (await ada("DELETE", path)).code == "FORBIDDEN"
    assert (await root("DELETE", path)).status == 204
    assert (await sign_in(api)).status == 200


async def test_codes_cannot_be_guessed() -> None:
    async with open_api(ApiOptions(is_throttled=True)) as api:
        _, secret, _ = await protected(api)
        tried: list[Any] = [(await sign_in(api, "000000")).status for _ in range(7)]
        assert tried == [401] * 5 + [429] * 2
        # 15 minutes of guessing: 15 more are looked at
        looked_at = 0
        for _ in range(90):
            api.clock.advance(10)
            looked_at += (await sign_in(api, "000000")).status == 401
        assert looked_at <= 16
        api.clock.advance(120)
        assert (await sign_in(api, code_of(secret, api.clock.now_ms() / 1000))).status == 200


async def test_the_secret_is_not_kept_as_it_is(api: Api) -> None:
    ada, secret, _ = await protected(api)
    factor = await api.store.second_factors.of_user(ada.user["id"])
    assert factor is not None
    assert secret.encode() not in factor.sealed
    assert base64.b32decode(secret) not in factor.sealed
