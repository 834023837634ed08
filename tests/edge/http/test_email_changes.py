"""Another address for an account, by mails that a real SMTP server takes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from nvserver.adapters.mail import MailSettings, SmtpMailer
from tests.edge.http.client import Client, Reply
from tests.edge.http.running import PASSWORD, Api, ApiOptions, open_api
from tests.edge.http.test_passwords import Mailing, problems
from tests.edge.http.test_second_factors import protected
from tests.support.mail_server import running_mail_server

BASE = "/api/auth/email"


@pytest.fixture
async def mailing() -> AsyncIterator[Mailing]:
    async with (
        running_mail_server() as mails,
        open_api(ApiOptions(mailer=SmtpMailer(MailSettings(smtp_url=mails.url)))) as api,
    ):
        yield Mailing(api, mails)


async def ask(client: Client, email: str, **proof: str) -> Reply:
    return await client("POST", BASE, {"email": email, "password": PASSWORD, **proof})


async def sign_in(mailing: Mailing, email: str) -> Reply:
    return await mailing.api.nobody("POST", "/api/auth/login", {"email": email, "password": PASSWORD})


async def proved(mailing: Mailing, secret: str) -> int:
    return (await mailing.api.nobody("POST", "/api/auth/verify-email", {"token": secret})).status


async def test_an_address_is_changed_once_the_new_one_is_proved(mailing: Mailing) -> None:
    ada, first = await mailing.register("Ada")
    old_reset = await mailing.reset_secret()
    assert (await ask(ada, " New@Notes.test ")).status == 202
    secret = await mailing.link("verify-email", to="new@notes.test")
    assert (await ada.get("/api/auth/me"))["user"]["email"] == "ada@notes.test"
    assert (await sign_in(mailing, "new@notes.test")).status == 401
    assert await proved(mailing, secret) == 204
    user = (await ada.get("/api/auth/me"))["user"]  # the sign-in goes on
    assert (user["email"], user["emailVerified"]) == ("new@notes.test", True)
    told = await mailing.mails.received()
    assert told["To"] == "ada@notes.test" and "new@notes.test" in told.get_content()
    assert [(await sign_in(mailing, f"{name}@notes.test")).status for name in ("ada", "new")] == [401, 200]
    # What was sent before, to either, does nothing any more.
    assert [await proved(mailing, one) for one in (secret, first)] == [422, 422]
    body = {"token": old_reset, "password": "an even longer and rarer one"}
    assert problems(await mailing.api.nobody("POST", "/api/auth/password/reset/confirm", body)) == (422, ["token"])
    await mailing.api.register("Ada")  # the old address is free


async def test_nobody_learns_which_addresses_have_accounts(mailing: Mailing) -> None:
    ada, _ = await mailing.register("Ada")
    await mailing.register("Ben")
    replies = [await ask(ada, email) for email in ("ben@notes.test", "free@notes.test")]
    assert {(reply.status, reply.body) for reply in replies} == {(202, b"")}
    secret = await mailing.link("verify-email", to="free@notes.test")  # the only mail
    assert mailing.mails.waiting == 0
    # Who registers the address meanwhile keeps it.
    await mailing.register("Free")
    assert await proved(mailing, secret) == 422
    assert (await ada.get("/api/auth/me"))["user"]["email"] == "ada@notes.test"


async def test_only_the_last_link_counts_and_not_too_late(mailing: Mailing) -> None:
    ada, _ = await mailing.register("Ada")
    secrets = []
    for name in ("one", "two"):
        await ask(ada, f"{name}@notes.test")
        secrets.append(await mailing.link("verify-email", to=f"{name}@notes.test"))
    assert await proved(mailing, secrets[0]) == 422
    mailing.api.clock.advance(4320 * 60)
    assert await proved(mailing, secrets[1]) == 422


@pytest.mark.parametrize("way", ["change", "reset"])
async def test_a_new_password_ends_what_was_asked_for_under_the_old_one(mailing: Mailing, way: str) -> None:
    """Else who had the old one could take the account by his own address afterwards."""
    ada, _ = await mailing.register("Ada")
    await ask(ada, "thief@notes.test")
    secret = await mailing.link("verify-email", to="thief@notes.test")
    new = "an even longer and rarer one"
    if way == "change":
        reply = await ada("POST", "/api/auth/password", {"currentPassword": PASSWORD, "newPassword": new})
    else:
        body = {"token": await mailing.reset_secret(), "password": new}
        reply = await mailing.api.nobody("POST", "/api/auth/password/reset/confirm", body)
    assert reply.status == 204
    assert await proved(mailing, secret) == 422
    login = {"email": "ada@notes.test", "password": new}
    assert (await mailing.api.nobody("POST", "/api/auth/login", login)).status == 200


async def test_who_asks_shows_once_more_who_he_is(api: Api) -> None:
    ada, _, codes = await protected(api)
    for proof, path in (
        ({"password": "wrong"}, "password"),
        ({}, "code"),
        ({"code": "000000"}, "code"),
    ):
        assert problems(await ask(ada, "new@notes.test", **proof)) == (422, [path])
    assert problems(await ada("POST", BASE, {"email": "new@notes.test"})) == (422, ["password"])
    assert (await ask(ada, "new@notes.test", code=codes[0])).status == 202


@pytest.mark.parametrize("body", [{}, {"email": ""}, {"email": "none", "password": PASSWORD}, {"email": 7}])
async def test_bad_input_is_told(api: Api, body: Any) -> None:
    reply = await (await api.register("Ada"))("POST", BASE, body)
    assert (reply.status, reply.code) == (422, "VALIDATION_FAILED")
