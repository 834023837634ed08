"""Showing once more who one is, before what whoever finds an open browser must not do."""

from typing import Final

from nvserver.core.principal import Principal
from nvserver.errors import SecondFactorNeeded, SecondFactorWrong, SignInTooOld, Unauthenticated, ValidationFailed
from nvserver.ports.accounts import AccountStore
from nvserver.ports.clock import NowMs
from nvserver.problems import Problem
from nvserver.services.accounts import AccountService, Origin
from nvserver.services.second_factors import SecondFactors

FRESH_MS: Final = 600_000
"""How old a sign-in may be that shows by itself who somebody without a password is."""


class Reauthentication:
    """By the password; who has none by a sign-in of a moment ago. By the second factor too, where there is one."""

    def __init__(
        self, store: AccountStore, accounts: AccountService, second_factors: SecondFactors, now_ms: NowMs
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._second_factors = second_factors
        self._now_ms = now_ms

    async def check(self, principal: Principal, password: str | None, code: str | None, origin: Origin) -> None:
        """Raises `ValidationFailed` (the sign-in is good, so it is no 401), `SignInTooOld`, `RateLimited`,
        `Unavailable`."""
        account = await self._accounts.account(principal.user_id)
        if await self._accounts.has_password(account):
            await self._check_password(account.email, password, origin)
        else:
            await self._check_age(principal)
        try:
            await self._second_factors.check(account.id, code)
        except SecondFactorNeeded:
            raise ValidationFailed.at("code", "is needed", Problem.REQUIRED) from None
        except SecondFactorWrong:
            raise ValidationFailed.at("code", "is wrong", Problem.WRONG_CODE) from None

    async def _check_password(self, email: str, password: str | None, origin: Origin) -> None:
        if password is None:
            raise ValidationFailed.at("password", "is needed", Problem.REQUIRED)
        try:
            await self._accounts.prove(email, password, origin)
        except Unauthenticated:
            raise ValidationFailed.at("password", "is wrong", Problem.WRONG_PASSWORD) from None

    async def _check_age(self, principal: Principal) -> None:
        now = self._now_ms()
        fresh = [
            one.id for one in await self._store.sessions_of(principal.user_id, now) if now - one.created_at <= FRESH_MS
        ]
        if principal.auth_session_id not in fresh:
            raise SignInTooOld
