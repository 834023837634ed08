"""Routes of a person's identities at providers of sign-ins."""

from typing import Annotated

import msgspec
from msgspec import Meta

from nvserver.edge.http.account_shapes import ProofBody
from nvserver.edge.http.provider_shapes import CameBack, GoingAnswer, JourneyCookie
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.wire import iso_time
from nvserver.errors import (
    Conflict,
    IdentityNotFound,
    IdentityTaken,
    ProviderLinkFailed,
    ProviderNotFound,
    SignInTooOld,
)
from nvserver.services.identity_links import IdentityLinks, LinkedIdentity

_BASE = "/api/auth/identities"


class IdentityItem(msgspec.Struct, frozen=True, rename="camel"):
    """`providerId` is null when the server no longer signs in by that provider; `providerName` is its address then."""

    id: str
    provider_id: str | None
    provider_name: str
    linked_at: str


class IdentityAnswer(msgspec.Struct, frozen=True, rename="camel"):
    identity: IdentityItem


class IdentityList(msgspec.Struct, frozen=True, rename="camel"):
    """`hasPassword`: the caller can sign in without any of them."""

    items: tuple[IdentityItem, ...]
    has_password: bool
    next_cursor: str | None = None


class LinkBody(ProofBody, frozen=True, rename="camel", kw_only=True):
    """`provider`: the id of one of `GET /api/auth/providers`."""

    provider: Annotated[str, Meta(min_length=1, max_length=32)]


class IdentityRoutes:
    """`/api/auth/identities`."""

    def __init__(self, links: IdentityLinks, cookie: JourneyCookie) -> None:
        self._links = links
        self._cookie = cookie

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        return (
            Route(
                "GET", _BASE, self._list, "By which identities at providers the caller signs in, first linked first",
                answer=IdentityList, only="sign_in",
            ),
            Route(
                "POST", f"{_BASE}/begin", self._begin, "Where to go to link an identity at that provider",
                body=LinkBody, answer=GoingAnswer, errors=(ProviderNotFound, SignInTooOld), only="sign_in",
                has_secret_answer=True, act="auth.identity_begin", act_fields=("provider",),
            ),
            Route(
                "POST", _BASE, self._link, "Come back from the provider: the caller signs in by that identity too",
                body=CameBack, answer=IdentityAnswer, status=201, errors=(ProviderLinkFailed, IdentityTaken),
                only="sign_in", act="auth.identity_link",
            ),
            Route(
                "POST", f"{_BASE}/{{identityId}}/unlink", self._unlink, "Sign in by that identity no more",
                body=ProofBody, status=204, errors=(IdentityNotFound, Conflict, SignInTooOld),
                only="sign_in", act="auth.identity_unlink",
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, None]) -> IdentityList:
        identities = await self._links.of_user(call.user_id)
        return IdentityList(tuple(map(_item, identities)), await self._links.has_password(call.user_id))

    async def _begin(self, call: Call[LinkBody, None]) -> Answer:
        body = call.body
        begun = await self._links.begin(call.principal, body.provider, body.password, body.code, call.origin)
        return self._cookie.going(begun)

    async def _link(self, call: Call[CameBack, None]) -> Answer:
        body, sealed = call.body, call.cookies.get(self._cookie.name, "")
        identity = await self._links.finish(call.user_id, sealed, body.state, body.code, body.iss)
        return Answer(IdentityAnswer(_item(identity)), headers=(self._cookie.used(),))

    async def _unlink(self, call: Call[ProofBody, None]) -> None:
        identity_id = call.id_param("identityId", IdentityNotFound)
        await self._links.unlink(call.principal, identity_id, call.body.password, call.body.code, call.origin)


def _item(identity: LinkedIdentity) -> IdentityItem:
    return IdentityItem(identity.id, identity.provider_id, identity.provider_name, iso_time(identity.linked_at))
