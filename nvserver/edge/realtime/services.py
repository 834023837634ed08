"""What the connections of a node work with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
import trio

from nvserver.actors.timer import Timer
from nvserver.core.principal import Principal
from nvserver.edge.realtime.client_id import ClientIds
from nvserver.edge.realtime.registry import Registry
from nvserver.edge.realtime.settings import RealtimeSettings
from nvserver.errors import Forbidden, Internal, NoteVaultError, TokenExpired, Unavailable
from nvserver.ports.clock import NewId, NowMs
from nvserver.workspace.router import Router

log = structlog.get_logger()


class Authenticated(Protocol):
    """A verified caller. `expires_at`: when the token ends, milliseconds since 1970 UTC."""

    @property
    def principal(self) -> Principal: ...

    @property
    def expires_at(self) -> int: ...


class TokenVerifier(Protocol):
    """Tells who is behind an access token."""

    async def verify(self, token: str) -> Authenticated:
        """Raises `Unauthenticated`, `TokenExpired`, or `Unavailable` when it cannot tell."""
        ...


class StartSoon(Protocol):
    """As a nursery's."""

    def __call__(self, function: Callable[..., Awaitable[Any]], /, *args: Any) -> None: ...


class RealtimeStatistics:
    """How often clients read too slowly, by what it cost them (`overflow.py`); read by the metrics."""

    __slots__ = ("closed", "composed", "cursors", "resyncs")

    def __init__(self) -> None:
        self.cursors = 0
        self.composed = 0
        self.resyncs = 0
        self.closed = 0


@dataclass(frozen=True, slots=True)
class Services:
    """`start_soon` runs a function of a connection in the gateway's nursery; `forget` takes the id of a connection that
    has ended."""

    settings: RealtimeSettings
    router: Router
    verifier: TokenVerifier
    client_ids: ClientIds
    registry: Registry
    timer: Timer
    now_ms: NowMs
    new_id: NewId
    start_soon: StartSoon
    forget: Callable[[str], None]
    statistics: RealtimeStatistics

    async def authenticate(self, token: str) -> Authenticated | NoteVaultError:
        """Who is behind the token, or why that is not known."""
        try:
            with trio.fail_after(self.settings.connect_seconds):
                who = await self.verifier.verify(token)
        except NoteVaultError as error:
            return error
        except trio.TooSlowError:
            return Unavailable()
        except Exception:
            log.exception("token could not be verified")
            return Internal()
        if not who.principal.is_within("write"):
            return Forbidden("This API token may only read")
        return who if who.expires_at > self.now_ms() else TokenExpired()
