"""Routes of passwords, of another address, and of proving one."""

import msgspec

from nvserver.edge.http.account_shapes import ProofBody
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.wire import Email, SecretToken
from nvserver.errors import SignInTooOld, Unavailable
from nvserver.services.accounts import AccountService
from nvserver.services.email_changes import EmailChanges
from nvserver.services.email_verification import EmailVerification
from nvserver.services.password_changes import PasswordChanges


class NewPasswordBody(msgspec.Struct, frozen=True, rename="camel"):
    current_password: str
    new_password: str


class ResetBody(msgspec.Struct, frozen=True, rename="camel"):
    email: Email


class ResetConfirmBody(msgspec.Struct, frozen=True, rename="camel"):
    """`token` stands behind `#token=` in the link of the mail."""

    token: SecretToken
    password: str


class NewEmailBody(ProofBody, frozen=True, rename="camel", kw_only=True):
    """The new address, and who the caller is, shown once more."""

    email: Email


class VerifyBody(msgspec.Struct, frozen=True, rename="camel"):
    token: SecretToken


class PasswordRoutes:
    """`/api/auth/password`, `/api/auth/email`, `/api/auth/verify-email`."""

    def __init__(
        self,
        accounts: AccountService,
        passwords: PasswordChanges,
        verification: EmailVerification,
        email_changes: EmailChanges,
    ) -> None:
        self._email_changes = email_changes
        self._accounts = accounts
        self._passwords = passwords
        self._verification = verification

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/auth"
        return (
            Route(
                "POST", f"{base}/password", self._change, "Change the password; ends all other sign-ins",
                body=NewPasswordBody, status=204, errors=(Unavailable,), only="sign_in", act="auth.password",
            ),
            Route(
                "POST", f"{base}/email", self._change_email,
                "Have another address: a mail to it proves it; the answer is the same for every address",
                body=NewEmailBody, status=202, errors=(SignInTooOld,), only="sign_in", act="auth.email",
            ),
            Route(
                "POST", f"{base}/password/reset", self._request_reset,
                "Ask for a mail that lets one choose a new password; the answer is the same for every address",
                body=ResetBody, status=202, is_public=True,
            ),
            Route(
                "POST", f"{base}/password/reset/confirm", self._reset,
                "Choose a new password; ends all sign-ins and API tokens",
                body=ResetConfirmBody, status=204, is_public=True, act="auth.password_reset",
            ),
            Route(
                "POST", f"{base}/verify-email", self._verify, "Prove the address by the token that was sent to it",
                body=VerifyBody, status=204, is_public=True,
            ),
            Route(
                "POST", f"{base}/verify-email/resend", self._resend, "Ask for another mail with such a token",
                status=202, only="sign_in",
            ),
        )  # fmt: skip

    async def _change(self, call: Call[NewPasswordBody, None]) -> None:
        await self._passwords.change(call.principal, call.body.current_password, call.body.new_password, call.origin)

    async def _change_email(self, call: Call[NewEmailBody, None]) -> None:
        body = call.body
        await self._email_changes.request(call.principal, body.email, body.password, body.code, call.origin)

    async def _request_reset(self, call: Call[ResetBody, None]) -> None:
        self._passwords.request_reset(call.body.email, call.origin)

    async def _reset(self, call: Call[ResetConfirmBody, None]) -> Answer:
        user_id = await self._passwords.reset(call.body.token, call.body.password)
        return Answer(None, 204, actor_id=user_id)

    async def _verify(self, call: Call[VerifyBody, None]) -> None:
        await self._verification.verify(call.body.token)

    async def _resend(self, call: Call[None, None]) -> None:
        self._verification.resend(await self._accounts.account(call.user_id), call.origin.address)
