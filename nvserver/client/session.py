"""Requests as somebody: signed in, or by an API token; with pages, and with another try where that is safe."""

from collections import deque
from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar
from uuid import uuid4

import anyio
import httpx
import msgspec

from nvserver.client.errors import ApiError, error_of
from nvserver.client.shapes import User

T = TypeVar("T")

JSON: Final = "application/json"
TRIES: Final = 4
FIRST_PAUSE_SECONDS: Final = 0.5
PAGE: Final = 100


class SignedIn(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to signing in."""

    user: User
    access_token: str
    refresh_token: str


class _Page(msgspec.Struct, frozen=True, rename="camel"):
    items: tuple[msgspec.Raw, ...]
    next_cursor: str | None


class Session:
    """Gets a new access token when one has ended, and tries again after lost connections, 429 and 503.

    What may have been done is asked again only where the server tells it from a second wish: reading, and everything
    that is posted, since each post has its `Idempotency-Key`. A `PUT` whose answer was lost is not repeated.
    """

    def __init__(self, http: httpx.AsyncClient, api_token: str | None, refresh_token: str | None) -> None:
        self._http = http
        self._access_token = api_token
        self.refresh_token = refresh_token
        self._renewing = anyio.Lock()

    def take(self, signed_in: SignedIn) -> None:
        """Go on as who just signed in."""
        self._access_token, self.refresh_token = signed_in.access_token, signed_in.refresh_token

    def forget(self) -> None:
        """Go on as nobody."""
        self._access_token = self.refresh_token = None

    async def ask(self, method: str, path: str, answer: type[T], body: object = None, **query: object) -> T:
        """The answer to a request. Raises `ApiError`, and `httpx.TransportError` when there is no connection."""
        content = None if body is None else msgspec.json.encode(body)
        headers = {} if body is None else {"Content-Type": JSON}
        response = await self.request(method, path, headers=headers, content=content, params=_given(query))
        return msgspec.json.decode(response.content, type=answer)

    async def tell(self, method: str, path: str) -> None:
        """A request that is answered by nothing but its having been done."""
        await self.request(method, path)

    def items(self, path: str, item: type[T], **query: object) -> "Items[T]":
        """All items of a list, page by page as they are wanted."""
        return Items(self, path, item, query)

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The good answer, read whole."""
        headers: dict[str, str] = {**options.pop("headers", {})}
        if method == "POST":
            headers.setdefault("Idempotency-Key", str(uuid4()))
        pause = FIRST_PAUSE_SECONDS
        for tries_left in reversed(range(TRIES)):
            try:
                return await self._authorized(method, path, headers, options)
            except httpx.TransportError:
                if method == "PUT" or not tries_left:
                    raise
            except ApiError as error:
                if not tries_left or error.status not in ((429,) if method == "PUT" else (429, 503)):
                    raise
                pause = max(pause, error.retry_after or 0)
            await anyio.sleep(pause)
            pause *= 2
        raise AssertionError("the last try returns or raises")

    async def _authorized(
        self, method: str, path: str, headers: Mapping[str, str], options: Mapping[str, Any]
    ) -> httpx.Response:
        used = self._access_token
        if used is None and self.refresh_token is not None:
            used = await self._renewed(None)
        response = await self._http.request(method, path, headers=self.signed(headers), **options)
        error = None if response.is_success else error_of(response)
        if error is not None and error.code == "TOKEN_EXPIRED" and self.refresh_token is not None:
            await self._renewed(used)
            response = await self._http.request(method, path, headers=self.signed(headers), **options)
            error = None if response.is_success else error_of(response)
        if error is not None:
            raise error
        return response

    def signed(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers with those that say who asks."""
        return {**headers, **({"Authorization": f"Bearer {self._access_token}"} if self._access_token else {})}

    async def _renewed(self, used: str | None) -> str | None:
        """The access token that follows `used`. Of many who find it ended at once, one asks."""
        async with self._renewing:
            if self._access_token == used:
                body = msgspec.json.encode({"refreshToken": self.refresh_token, "delivery": "body"})
                response = await self._http.post("/api/auth/refresh", content=body, headers={"Content-Type": JSON})
                if not response.is_success:
                    raise error_of(response)
                self.take(msgspec.json.decode(response.content, type=SignedIn))
            return self._access_token


class Items(Generic[T]):
    """The items of a list, as an async iterator. Whoever has enough of them just stops."""

    def __init__(self, session: Session, path: str, item: type[T], query: Mapping[str, object]) -> None:
        self._session = session
        self._path = path
        self._item = item
        self._query = query
        self._at_hand: deque[msgspec.Raw] = deque()
        self._cursor: str | None = ""

    def __aiter__(self) -> "Items[T]":
        return self

    async def __anext__(self) -> T:
        while not self._at_hand:
            if self._cursor is None:
                raise StopAsyncIteration
            query = {"limit": PAGE, **self._query, "cursor": self._cursor or None}
            page = await self._session.ask("GET", self._path, _Page, **query)
            self._at_hand.extend(page.items)
            self._cursor = page.next_cursor
        return msgspec.json.decode(self._at_hand.popleft(), type=self._item)


def _given(query: Mapping[str, object]) -> dict[str, Any]:
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in query.items()
        if value is not None
    }
