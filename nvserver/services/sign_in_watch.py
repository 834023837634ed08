"""Notices sign-ins that were revoked elsewhere: on another node, by a command, in the database."""

from collections.abc import Callable, Collection

import structlog
import trio

from nvserver.errors import Unavailable
from nvserver.ports.accounts import AccountStore
from nvserver.ports.api_tokens import ApiTokenStore
from nvserver.ports.clock import NowMs
from nvserver.services.access_tokens import TokenSettings
from nvserver.services.sign_ins import SessionCloser
from nvserver.services.tokens import TokenVerifier

log = structlog.get_logger()


class SignInWatch:
    """Asks the store every `recheck_seconds` for all sign-ins that have a connection here, so that an open socket
    outlives its right by no more than that, whether or not any node tells another."""

    def __init__(
        self,
        accounts: AccountStore,
        api_tokens: ApiTokenStore,
        verifier: TokenVerifier,
        closer: SessionCloser,
        connected: Callable[[], Collection[str]],
        settings: TokenSettings,
        now_ms: NowMs,
    ) -> None:
        """`connected`: the ids of sign-ins and API tokens that connections came by."""
        self._accounts = accounts
        self._api_tokens = api_tokens
        self._verifier = verifier
        self._closer = closer
        self._connected = connected
        self._settings = settings
        self._now_ms = now_ms

    async def run(self) -> None:
        """Watch until cancelled. While the store is away nobody is sent off: nothing can be changed then either."""
        while True:
            await trio.sleep(self._settings.recheck_seconds)
            try:
                await self.check()
            except Unavailable as error:
                log.warning("sign-ins not checked", reason=error.message)

    async def check(self) -> None:
        """Close the connections of those that have ended. Raises `Unavailable`."""
        connected = frozenset(self._connected())
        if not connected:
            return
        alive = await self._accounts.alive_sessions(connected)
        if rest := connected - alive:
            alive |= await self._api_tokens.alive(rest, self._now_ms())
        for session_id in connected - alive:
            self._verifier.revoke(session_id)
            self._closer.close_auth_session(session_id)
