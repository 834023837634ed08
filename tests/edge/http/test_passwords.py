"""Changing and resetting passwords, and proving addresses: by mails that a real SMTP server takes."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from nvserver.adapters.mail import MailSettings, SmtpMailer
from tests.edge.http.client import Client, Reply
from tests.edge.http.running import PASSWORD, PUBLIC_URL, Api, ApiOptions, open_api
from tests.edge.http.test_second_factors import code_of
from tests.support.mail_server import MailServer, running_mail_server

NEW = "an even longer and rarer one"
SAFETY = "The safety of your account"


@dataclass(frozen=True)
class Mailing:
    """A server and where its mails go."""

    api: Api
    mails: MailServer

    async def link(self, page: str, *, to: str) -> str:
        """The secret in the next mail, which leads to that page; what is told of safety is passed over."""
        mail: EmailMessage = await self.mails.received()
        while mail["Subject"] == SAFETY:
            mail = await self.mails.received()
        assert mail["To"] == to
        (link,) = [line for line in mail.get_content().splitlines() if line.startswith("http")]
        start = f"{PUBLIC_URL}/{page}#token="
        assert link.startswith(start)
        return link.removeprefix(start)

    async def register(self, name: str) -> tuple[Client, str]:
        """A new person and the secret that proves the address."""
        client = await self.api.register(name)
        return client, await self.link("verify-email", to=f"{name.lower()}@notes.test")

    async def reset_secret(self, name: str = "ada") -> str:
        await self.api.nobody("POST", "/api/auth/password/reset", {"email": f"{name}@notes.test"})
        return await self.link("reset-password", to=f"{name}@notes.test")

    async def may_sign_in(self, password: str) -> bool:
        body = {"email": "ada@notes.test", "password": password}
        reply = await self.api.nobody("POST", "/api/auth/login", body)
        assert reply.status in (200, 401)
        return reply.status == 200


@pytest.fixture
async def mailing() -> AsyncIterator[Mailing]:
    async with running_mail_server() as mails:
        mailer = SmtpMailer(MailSettings(smtp_url=mails.url))
        async with open_api(ApiOptions(mailer=mailer)) as api:
            yield Mailing(api, mails)


def problems(reply: Reply) -> tuple[int, list[str]]:
    """The status and the places that are at fault."""
    return reply.status, [detail["path"] for detail in reply.json["error"]["details"] or ()]


# --- changing ----------------------------------------------------------------------------------------------------


async def test_a_new_password_ends_all_other_sign_ins_and_counts_at_once(mailing: Mailing) -> None:
    ada, _ = await mailing.register("Ada")
    login = {"email": "ada@notes.test", "password": PASSWORD, "delivery": "body"}
    elsewhere = await mailing.api.nobody.post("/api/auth/login", login)
    reply = await ada("POST", "/api/auth/password", {"currentPassword": PASSWORD, "newPassword": NEW})
    assert reply.status == 204
    assert (await ada("GET", "/api/auth/me")).status == 200
    assert (await Client(mailing.api.port, elsewhere["accessToken"])("GET", "/api/auth/me")).status == 401
    assert len(mailing.api.closer.closed) == 1
    assert not await mailing.may_sign_in(PASSWORD)
    assert await mailing.may_sign_in(NEW)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"currentPassword": "a wrong password", "newPassword": NEW}, "currentPassword"),
        ({"currentPassword": PASSWORD, "newPassword": "short"}, "newPassword"),
        ({"currentPassword": PASSWORD, "newPassword": "password123"}, "newPassword"),
        ({"currentPassword": PASSWORD, "newPassword": "x" * 1025}, "newPassword"),
        ({"currentPassword": PASSWORD}, "newPassword"),
    ],
)
async def test_a_change_that_is_refused_leaves_the_password(
    mailing: Mailing, body: Mapping[str, Any], path: str
) -> None:
    ada, _ = await mailing.register("Ada")
    assert problems(await ada("POST", "/api/auth/password", body)) == (422, [path])
    assert await mailing.may_sign_in(PASSWORD)


# --- resetting ---------------------------------------------------------------------------------------------------


async def test_a_forgotten_password_is_replaced_by_mail(mailing: Mailing) -> None:
    ada, _ = await mailing.register("Ada")
    token = (await ada.post("/api/auth/tokens", {"name": "T"}))["token"]
    secret = await mailing.reset_secret()
    body = {"token": secret, "password": NEW}
    assert (await mailing.api.nobody("POST", "/api/auth/password/reset/confirm", body)).status == 204
    assert not await mailing.may_sign_in(PASSWORD)
    assert await mailing.may_sign_in(NEW)
    for lost in (ada, Client(mailing.api.port, token)):
        assert (await lost("GET", "/api/auth/me")).code == "UNAUTHENTICATED"
    # Whoever read the mail has shown that the address is his.
    login = {"email": "ada@notes.test", "password": NEW}
    assert (await mailing.api.nobody.post("/api/auth/login", login))["user"]["emailVerified"]


async def test_a_link_works_once_for_one_thing_and_not_too_late(mailing: Mailing) -> None:
    _, verify_secret = await mailing.register("Ada")
    confirm = "/api/auth/password/reset/confirm"
    secret = await mailing.reset_secret()
    for wrong in (verify_secret, "made-up", secret + "x", "é" * 200):
        reply = await mailing.api.nobody("POST", confirm, {"token": wrong, "password": NEW})
        assert problems(reply) == (422, ["token"])
    reply = await mailing.api.nobody("POST", confirm, {"token": secret, "password": "short"})
    assert problems(reply) == (422, ["password"])  # and the link is still good
    statuses: list[int] = []

    async def use(number: int) -> None:
        body = {"token": secret, "password": f"{NEW} {number}"}
        statuses.append((await mailing.api.nobody("POST", confirm, body)).status)

    async with trio.open_nursery() as nursery:
        for number in range(5):
            nursery.start_soon(use, number)
    assert sorted(statuses) == [204, 422, 422, 422, 422]
    late = await mailing.reset_secret()
    mailing.api.clock.advance(3601)
    assert problems(await mailing.api.nobody("POST", confirm, {"token": late, "password": NEW})) == (422, ["token"])


async def test_a_newer_mail_and_a_change_make_older_links_useless(mailing: Mailing) -> None:
    ada, _ = await mailing.register("Ada")
    first, second = await mailing.reset_secret(), await mailing.reset_secret()
    confirm = "/api/auth/password/reset/confirm"
    assert (await mailing.api.nobody("POST", confirm, {"token": first, "password": NEW})).status == 422
    await ada("POST", "/api/auth/password", {"currentPassword": PASSWORD, "newPassword": NEW})
    assert (await mailing.api.nobody("POST", confirm, {"token": second, "password": PASSWORD})).status == 422
    assert await mailing.may_sign_in(NEW)


async def test_whether_an_address_is_known_shows_only_in_its_mailbox(mailing: Mailing) -> None:
    await mailing.register("Ada")
    replies = [
        await mailing.api.nobody("POST", "/api/auth/password/reset", {"email": email})
        for email in ("ada@notes.test", "nobody@notes.test")
    ]
    assert [(reply.status, reply.body) for reply in replies] == [(202, b"")] * 2
    varying = {"date", "x-request-id"}
    assert len({tuple((k, v) for k, v in r.headers.items() if k not in varying) for r in replies}) == 1
    await mailing.link("reset-password", to="ada@notes.test")
    await wait_all_tasks_blocked(0.05)
    assert mailing.mails.waiting == 0


async def test_mails_to_one_address_are_few() -> None:
    async with open_api(ApiOptions(is_throttled=True)) as api:
        body = {"email": "ada@notes.test"}
        replies = [await api.nobody("POST", "/api/auth/password/reset", body) for _ in range(4)]
        assert [reply.status for reply in replies] == [202, 202, 202, 429]
        assert int(replies[-1].headers["retry-after"]) <= 300
        assert (await api.nobody("POST", "/api/auth/password/reset", {"email": "bob@notes.test"})).status == 202


# --- proving an address ------------------------------------------------------------------------------------------


async def test_registering_sends_a_link_that_proves_the_address(mailing: Mailing) -> None:
    ada, secret = await mailing.register("Ada")
    assert not ada.user["emailVerified"]
    assert (await mailing.api.nobody("POST", "/api/auth/verify-email", {"token": secret})).status == 204
    assert (await ada.get("/api/auth/me"))["user"]["emailVerified"]
    again = await mailing.api.nobody("POST", "/api/auth/verify-email", {"token": secret})
    assert problems(again) == (422, ["token"])
    # Nothing is left to prove, so nothing is sent.
    assert (await ada("POST", "/api/auth/verify-email/resend")).status == 202
    await wait_all_tasks_blocked(0.05)
    assert mailing.mails.waiting == 0


async def test_the_link_can_be_asked_for_again_and_then_the_old_one_ends(mailing: Mailing) -> None:
    ada, first = await mailing.register("Ada")
    assert (await ada("POST", "/api/auth/verify-email/resend")).status == 202
    second = await mailing.link("verify-email", to="ada@notes.test")
    assert (await mailing.api.nobody("POST", "/api/auth/verify-email", {"token": first})).status == 422
    assert (await mailing.api.nobody("POST", "/api/auth/verify-email", {"token": second})).status == 204


async def test_a_mail_server_that_is_busy_gets_the_mail_later() -> None:
    async with running_mail_server() as mails:
        mails.answers = ["451 later", "250 OK"]
        mailer = SmtpMailer(MailSettings(smtp_url=mails.url))
        async with open_api(ApiOptions(mailer=mailer)) as api:
            await api.register("Ada")
            assert (await mails.received())["To"] == "ada@notes.test"


async def test_whose_sign_in_is_changed_is_told_by_mail(mailing: Mailing) -> None:
    ada, _ = await mailing.register("Ada")
    secret = (await ada.post("/api/auth/second-factor", {}))["secret"]
    step = int(mailing.api.clock.now_ms() / 1000)
    codes = (await ada.post("/api/auth/second-factor/confirm", {"code": code_of(secret, step)}))["recoveryCodes"]
    assert (await ada("POST", "/api/auth/second-factor/end", {"code": codes[0]})).status == 204
    wrong = {"currentPassword": "wrong", "newPassword": NEW}
    assert (await ada("POST", "/api/auth/password", wrong)).status == 422  # nothing to tell
    assert (await ada("POST", "/api/auth/password", {**wrong, "currentPassword": PASSWORD})).status == 204
    told = [await mailing.mails.received() for _ in range(3)]
    assert {(mail["To"], mail["Subject"]) for mail in told} == {("ada@notes.test", SAFETY)}
    for mail, words in zip(told, ("has a second factor", "no second factor", "password of your account"), strict=True):
        assert words in mail.get_content()
    confirm = {"token": await mailing.reset_secret(), "password": f"{NEW}!"}
    assert (await mailing.api.nobody("POST", "/api/auth/password/reset/confirm", confirm)).status == 204
    assert (await mailing.mails.received())["Subject"] == SAFETY
    assert mailing.mails.waiting == 0
