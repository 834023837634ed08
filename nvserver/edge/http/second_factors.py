"""Routes of the second factor."""

from typing import Annotated

import msgspec
from msgspec import Meta

from nvserver.edge.http.routing import AnyRoute, Call, Route
from nvserver.errors import Conflict, UserNotFound
from nvserver.services.accounts import AccountService
from nvserver.services.safety_mails import SafetyMails
from nvserver.services.second_factors import SecondFactors

Code = Annotated[str, Meta(min_length=1, max_length=40)]


class SecondFactorAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`enabled`: a code is asked for when the person signs in."""

    enabled: bool
    recovery_codes_left: int


class NewSecretAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """`uri` (`otpauth://…`) is shown as a QR code; `secret` is for typing."""

    secret: str
    uri: str


class CodeBody(msgspec.Struct, frozen=True, rename="camel"):
    """`code`: six digits of the authenticator app, or a recovery code."""

    code: Code


class RecoveryCodesAnswer(msgspec.Struct, frozen=True, rename="camel"):
    """Each signs in once instead of a code of the app; they are told this once."""

    recovery_codes: tuple[str, ...]


class SecondFactorRoutes:
    """`/api/auth/second-factor`."""

    def __init__(self, accounts: AccountService, factors: SecondFactors, safety: SafetyMails) -> None:
        self._safety = safety
        self._accounts = accounts
        self._factors = factors

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/auth/second-factor"
        return (
            Route(
                "GET", base, self._get, "Whether the caller's account has a second factor",
                answer=SecondFactorAnswer, only="sign_in",
            ),
            Route(
                "POST", base, self._begin, "A secret for an authenticator app (TOTP); it counts once confirmed",
                answer=NewSecretAnswer, status=201, errors=(Conflict,), only="sign_in", has_secret_answer=True,
            ),
            Route(
                "POST", f"{base}/confirm", self._confirm, "Show that the app works: from now on codes are asked for",
                body=CodeBody, answer=RecoveryCodesAnswer, only="sign_in", has_secret_answer=True,
                act="auth.second_factor",
            ),
            Route(
                "POST", f"{base}/recovery-codes", self._new_codes, "New recovery codes instead of all before them",
                body=CodeBody, answer=RecoveryCodesAnswer, only="sign_in", has_secret_answer=True,
                act="auth.recovery_codes",
            ),
            Route(
                "POST", f"{base}/end", self._end, "End the second factor",
                body=CodeBody, status=204, only="sign_in", act="auth.second_factor_end",
            ),
            Route(
                "DELETE", "/api/admin/users/{accountId}/second-factor", self._remove,
                "End somebody's second factor, whose device and codes are lost",
                status=204, errors=(UserNotFound,), only="admin", act="admin.second_factor_end",
            ),
        )  # fmt: skip

    async def _get(self, call: Call[None, None]) -> SecondFactorAnswer:
        status = await self._factors.status(call.user_id)
        return SecondFactorAnswer(status.is_on, status.recovery_codes_left)

    async def _begin(self, call: Call[None, None]) -> NewSecretAnswer:
        made = await self._factors.begin(await self._accounts.account(call.user_id))
        return NewSecretAnswer(made.secret, made.uri)

    async def _confirm(self, call: Call[CodeBody, None]) -> RecoveryCodesAnswer:
        codes = await self._factors.confirm(call.user_id, call.body.code)
        self._safety.tell(await self._accounts.account(call.user_id), "second_factor")
        return RecoveryCodesAnswer(tuple(codes))

    async def _new_codes(self, call: Call[CodeBody, None]) -> RecoveryCodesAnswer:
        return RecoveryCodesAnswer(tuple(await self._factors.new_recovery_codes(call.user_id, call.body.code)))

    async def _end(self, call: Call[CodeBody, None]) -> None:
        await self._factors.end(call.user_id, call.body.code)
        self._safety.tell(await self._accounts.account(call.user_id), "second_factor_end")

    async def _remove(self, call: Call[None, None]) -> None:
        account = await self._accounts.account(call.id_param("accountId", UserNotFound))
        if await self._factors.remove(account.id):
            self._safety.tell(account, "second_factor_end")
