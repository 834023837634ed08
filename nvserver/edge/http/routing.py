"""What a route is: one row that says everything about it, to the dispatcher and to the API's description."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from nvserver.core.principal import Principal
from nvserver.errors import NoteVaultError, NotFound, Unauthenticated, UnsupportedMediaType
from nvserver.services.accounts import Origin

B = TypeVar("B")
Q = TypeVar("Q")

Method: TypeAlias = Literal["GET", "POST", "PUT", "DELETE"]
SMALL_BODY_BYTES = 64 * 1024
Only: TypeAlias = Literal["sign_in", "admin"]
"""`sign_in`: people who signed in, no API tokens. `admin`: administrators of the whole system."""


@dataclass(frozen=True, slots=True)
class Call(Generic[B, Q]):
    """One request, checked for its form: `body` and `query` are of the route's types (None where it has none)."""

    params: Mapping[str, str]
    body: B
    query: Q
    origin: Origin
    cookies: Mapping[str, str]
    caller: Principal | None
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in lower case."""
    incoming: "Incoming | None" = None
    """The body of a route that takes one as it arrives (`Route.takes`)."""

    @property
    def upload(self) -> "Incoming":
        """What arrives. Raises `UnsupportedMediaType` where nothing does."""
        if self.incoming is None:
            raise UnsupportedMediaType
        return self.incoming

    @property
    def principal(self) -> Principal:
        """Who calls. Raises `Unauthenticated` on a public route called without a token."""
        if self.caller is None:
            raise Unauthenticated
        return self.caller

    @property
    def user_id(self) -> str:
        """Whose request it is."""
        return self.principal.user_id

    def id_param(self, name: str, missing: type[NotFound]) -> str:
        """A UUID from the path in its usual form. Raises `missing` for what is none: nothing has such an id."""
        text = self.params[name]
        try:
            canonical = str(UUID(text))
        except ValueError:
            raise missing from None
        if canonical != text.lower():
            raise missing
        return canonical


@dataclass(frozen=True, slots=True)
class Incoming:
    """A body as it arrives. `length` is what the sender announced; reading raises `RequestTimeout` when it comes too
    slowly, and `PayloadTooLarge`."""

    content_type: str
    length: int | None
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A body that is read while it is sent. The answer's headers tell its length."""

    chunks: AsyncIterator[bytes]


class Answer(msgspec.Struct, frozen=True):
    """What a handler answers when it is more than the route's type: another status, headers, or bytes as they are."""

    body: msgspec.Struct | bytes | Outgoing | None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    actor_id: str | None = None
    """Who the caller of a public route turned out to be."""


HandlerResult: TypeAlias = msgspec.Struct | Answer | None


@dataclass(frozen=True, slots=True)
class Route(Generic[B, Q]):
    """`path` holds `{names}` of its parameters; `errors` are those beside the ones that every route may answer."""

    method: Method
    path: str
    handler: Callable[[Call[B, Q]], Awaitable[HandlerResult]]
    summary: str
    body: type[B] | None = None
    query: type[Q] | None = None
    answer: type[msgspec.Struct] | None = None
    status: int = 200
    other_answers: tuple[tuple[int, type[msgspec.Struct]], ...] = field(default=())
    """Good answers of another status."""
    is_public: bool = False
    max_body_bytes: int = SMALL_BODY_BYTES
    takes: str | None = None
    """The media type of a body that the handler reads as it arrives, instead of `body`. Such a handler ends when the
    caller leaves: what must not be cut off it shields itself."""
    gives: str | None = None
    """The media types of an answer that is no JSON, separated by `, `; `*/*`: any."""
    errors: tuple[type[NoteVaultError], ...] = field(default=())
    only: Only | None = None
    has_secret_answer: bool = False
    """Its answers hold tokens: they are not remembered beyond the process."""
    act: str | None = None
    """What the audit log calls it; None: it is not told there."""
    act_fields: tuple[str, ...] = field(default=())
    """Names of the body's fields that the audit log tells."""


AnyRoute: TypeAlias = Route[Any, Any]
