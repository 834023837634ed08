"""Routes of personal API tokens."""

from typing import Annotated

import msgspec
from msgspec import Meta

from nvserver.edge.http.cursors import page_of
from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.edge.http.wire import Name, PageQuery, iso_time
from nvserver.errors import ApiTokenNotFound, Conflict
from nvserver.ports.api_tokens import ApiToken, Scope
from nvserver.services.api_tokens import ApiTokenService


class NewApiTokenBody(msgspec.Struct, frozen=True, rename="camel"):
    """`read`: what a GET tells; `write`: everything else, and the realtime connection; `admin`: what only system
    administrators may."""

    name: Name
    scopes: Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=3)] = ("read",)
    expires_in_days: Annotated[int, Meta(ge=1, le=366)] = 90


class ApiTokenItem(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: str
    expires_at: str
    last_used_at: str | None


class NewApiTokenAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`token` is told this once: nobody can find it out again."""

    api_token: ApiTokenItem
    token: str


class ApiTokenList(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[ApiTokenItem, ...]
    next_cursor: str | None


class ApiTokenRoutes:
    """`/api/auth/tokens`."""

    def __init__(self, tokens: ApiTokenService) -> None:
        self._tokens = tokens

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/auth/tokens"
        return (
            Route(
                "GET", base, self._list, "The caller's API tokens, first made first",
                query=PageQuery, answer=ApiTokenList, only="sign_in",
            ),
            Route(
                "POST", base, self._create, "Make an API token; its text is shown once",
                body=NewApiTokenBody, answer=NewApiTokenAnswer, status=201, errors=(Conflict,), only="sign_in",
                has_secret_answer=True, act="auth.token_create", act_fields=("name",),
            ),
            Route(
                "DELETE", f"{base}/{{tokenId}}", self._revoke, "End an API token",
                status=204, errors=(ApiTokenNotFound,), only="sign_in", act="auth.token_revoke",
            ),
        )  # fmt: skip

    async def _list(self, call: Call[None, PageQuery]) -> ApiTokenList:
        tokens = await self._tokens.of_user(call.user_id)
        page, next_cursor = page_of(tokens, lambda token: (token.created_at, token.id), call.query)
        return ApiTokenList(tuple(_item(token) for token in page), next_cursor)

    async def _create(self, call: Call[NewApiTokenBody, None]) -> NewApiTokenAnswer:
        body = call.body
        token, text = await self._tokens.create(call.user_id, body.name.strip(), body.scopes, body.expires_in_days)
        return NewApiTokenAnswer(_item(token), text)

    async def _revoke(self, call: Call[None, None]) -> None:
        await self._tokens.revoke(call.user_id, call.id_param("tokenId", ApiTokenNotFound))


def _item(token: ApiToken) -> ApiTokenItem:
    last_used_at = None if token.last_used_at is None else iso_time(token.last_used_at)
    return ApiTokenItem(
        token.id, token.name, token.scopes, iso_time(token.created_at), iso_time(token.expires_at), last_used_at
    )
