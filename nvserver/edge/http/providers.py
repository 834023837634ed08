"""Routes of signing in by a provider of OpenID Connect."""

from typing import Annotated

import msgspec
from msgspec import Meta

from nvserver.edge.http.account_shapes import Delivery, SessionAnswer, SessionAnswers
from nvserver.edge.http.provider_shapes import CameBack, GoingAnswer, JourneyCookie
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.errors import (
    AccountSuspended,
    EmailTaken,
    ProviderNotFound,
    ProviderSignInFailed,
    RegistrationRefused,
    SecondFactorNeeded,
    SecondFactorWrong,
)
from nvserver.services.oidc_journeys import LONGEST_SEALED
from nvserver.services.oidc_sign_in import OidcSignIn
from nvserver.services.sign_ins import SignInService

_BASE = "/api/auth/providers"


class Provider(msgspec.Struct, frozen=True, rename="camel"):
    """`name` stands on the button."""

    id: str
    name: str


class ProviderList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[Provider, ...]
    next_cursor: str | None = None


class ComingBody(CameBack, frozen=True, rename="camel"):
    """What the browser came back with; `iss` where the provider gave it."""

    delivery: Delivery = "cookie"


class TicketBody(msgspec.Struct, frozen=True, rename="camel"):
    """`ticket`: from the details of `SECOND_FACTOR_NEEDED`; `code`: of the app, or a recovery code."""

    ticket: Annotated[str, Meta(min_length=1, max_length=LONGEST_SEALED)]
    code: Annotated[str, Meta(min_length=1, max_length=40)]
    delivery: Delivery = "cookie"


class ProviderRoutes:
    """`/api/auth/providers`."""

    def __init__(
        self, by_provider: OidcSignIn, sign_ins: SignInService, answers: SessionAnswers, cookie: JourneyCookie
    ) -> None:
        self._by_provider = by_provider
        self._sign_ins = sign_ins
        self._answers = answers
        self._cookie = cookie

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        return (
            Route(
                "GET", _BASE, self._list, "By whom people may sign in, for the page that asks them",
                answer=ProviderList, is_public=True,
            ),
            Route(
                "POST", f"{_BASE}/{{provider}}/begin", self._begin, "Where to go to sign in by that provider",
                answer=GoingAnswer, is_public=True, errors=(ProviderNotFound,), has_secret_answer=True,
            ),
            Route(
                "POST", f"{_BASE}/finish", self._finish, "Come back from the provider, and sign in",
                body=ComingBody, answer=SessionAnswer, is_public=True,
                errors=(ProviderSignInFailed, SecondFactorNeeded, AccountSuspended, RegistrationRefused, EmailTaken),
                has_secret_answer=True, act="auth.provider_login",
            ),
            Route(
                "POST", f"{_BASE}/second-factor", self._finish_with_code, "Give the second factor that is missing",
                body=TicketBody, answer=SessionAnswer, is_public=True,
                errors=(ProviderSignInFailed, SecondFactorWrong, AccountSuspended),
                has_secret_answer=True, act="auth.provider_login",
            ),
        )  # fmt: skip

    async def _list(self, _call: Call[None, None]) -> ProviderList:
        return ProviderList(tuple(Provider(one.id, one.name) for one in self._by_provider.providers.values()))

    async def _begin(self, call: Call[None, None]) -> Answer:
        return self._cookie.going(await self._by_provider.begin(call.params["provider"]))

    async def _finish(self, call: Call[ComingBody, None]) -> Answer:
        body, sealed = call.body, call.cookies.get(self._cookie.name, "")
        account = await self._by_provider.finish(sealed, body.state, body.code, body.iss, call.origin)
        signed_in = await self._sign_ins.start(account, call.origin)
        return self._answers.answer(signed_in, body.delivery, self._cookie.used())

    async def _finish_with_code(self, call: Call[TicketBody, None]) -> Answer:
        account = await self._by_provider.finish_with_code(call.body.ticket, call.body.code)
        signed_in = await self._sign_ins.start(account, call.origin)
        return self._answers.answer(signed_in, call.body.delivery)
