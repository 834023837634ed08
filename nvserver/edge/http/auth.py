"""Routes of accounts and sign-ins."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from nvserver.edge.http.account_shapes import (
    Delivery,
    SessionAnswer,
    SessionAnswers,
    SignInList,
    User,
    sign_in_list,
    user_of,
)
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.wire import END, Email, Name, PageQuery, checked_url
from nvserver.errors import (
    AccountSuspended,
    EmailTaken,
    SecondFactorNeeded,
    SecondFactorWrong,
    SessionNotFound,
    Unauthenticated,
    Unavailable,
)
from nvserver.ports.accounts import ProfileUpdate
from nvserver.services.accounts import AccountService
from nvserver.services.email_verification import EmailVerification
from nvserver.services.second_factors import SecondFactors
from nvserver.services.sign_ins import SignInService

AvatarUrl = Annotated[
    str,
    Meta(
        max_length=500,
        pattern=rf"^https?://[^\s\x00-\x1f\x7f]+{END}",
        description="an address that begins with http:// or https://",
    ),
]


class RegisterBody(msgspec.Struct, frozen=True, rename="camel"):
    email: Email
    password: str
    display_name: Name
    delivery: Delivery = "cookie"


class LoginBody(msgspec.Struct, frozen=True, rename="camel"):
    """`code`: of the second factor, for accounts that have one."""

    email: Email
    password: str
    code: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    delivery: Delivery = "cookie"


class RefreshBody(msgspec.Struct, frozen=True, rename="camel"):
    """Without `refreshToken` the cookie counts. `delivery` is the way the token came unless given."""

    refresh_token: str | UnsetType = UNSET
    delivery: Delivery | UnsetType = UNSET


class ProfileBody(msgspec.Struct, frozen=True, rename="camel"):
    display_name: Name | UnsetType = UNSET
    avatar_url: AvatarUrl | UnsetType | None = UNSET


class UserAnswer(msgspec.Struct, frozen=True, rename="camel"):
    user: User


class AuthRoutes:
    """`/api/auth`."""

    def __init__(
        self,
        accounts: AccountService,
        sign_ins: SignInService,
        verification: EmailVerification,
        second_factors: SecondFactors,
        answers: SessionAnswers,
    ) -> None:
        self._accounts = accounts
        self._sign_ins = sign_ins
        self._verification = verification
        self._second_factors = second_factors
        self._answers = answers

    def routes(self) -> tuple[AnyRoute, ...]:
        """The table."""
        base = "/api/auth"
        return (
            Route(
                "POST", f"{base}/register", self._register, "Register an account and sign in",
                body=RegisterBody, answer=SessionAnswer, status=201, is_public=True, errors=(EmailTaken, Unavailable),
                has_secret_answer=True, act="auth.register",
            ),
            Route(
                "POST", f"{base}/login", self._login, "Sign in",
                body=LoginBody, answer=SessionAnswer, is_public=True,
                errors=(Unauthenticated, SecondFactorNeeded, SecondFactorWrong, AccountSuspended, Unavailable),
                has_secret_answer=True, act="auth.login", act_fields=("email",),
            ),
            Route(
                "POST", f"{base}/refresh", self._refresh, "Trade the refresh token for new tokens",
                body=RefreshBody, answer=SessionAnswer, is_public=True, errors=(Unauthenticated,),
                has_secret_answer=True,
            ),
            Route(
                "POST", f"{base}/logout", self._logout, "End this sign-in",
                status=204, only="sign_in", act="auth.logout",
            ),
            Route("GET", f"{base}/me", self._me, "The caller's account", answer=UserAnswer),
            Route(
                "PUT", f"{base}/me", self._update_me, "Change the caller's profile",
                body=ProfileBody, answer=UserAnswer,
            ),
            Route(
                "GET", f"{base}/sessions", self._list_sessions, "The caller's sign-ins, last used first",
                query=PageQuery, answer=SignInList, only="sign_in",
            ),
            Route(
                "DELETE", f"{base}/sessions", self._end_others, "End all sign-ins but this one",
                status=204, only="sign_in", act="auth.sessions_end",
            ),
            Route(
                "DELETE", f"{base}/sessions/{{sessionId}}", self._end_session, "End a sign-in",
                status=204, errors=(SessionNotFound,), only="sign_in", act="auth.session_end",
            ),
        )  # fmt: skip

    async def _register(self, call: Call[RegisterBody, None]) -> Answer:
        body = call.body
        account = await self._accounts.register(body.email, body.password, body.display_name.strip(), call.origin)
        self._verification.send(account)
        return self._answers.answer(await self._sign_ins.start(account, call.origin), body.delivery)

    async def _login(self, call: Call[LoginBody, None]) -> Answer:
        account = await self._accounts.prove(call.body.email, call.body.password, call.origin)
        await self._second_factors.check(account.id, call.body.code)
        return self._answers.answer(await self._sign_ins.start(account, call.origin), call.body.delivery)

    async def _refresh(self, call: Call[RefreshBody, None]) -> Answer:
        token, delivery = call.body.refresh_token, call.body.delivery
        if delivery is UNSET:
            delivery = "cookie" if token is UNSET else "body"
        if token is UNSET:
            token = call.cookies.get(self._answers.cookie, "")
        if not token:
            raise Unauthenticated("There is no refresh token")
        return self._answers.answer(await self._sign_ins.refresh(token, call.origin), delivery)

    async def _logout(self, call: Call[None, None]) -> Answer:
        await self._sign_ins.end(call.user_id, call.principal.auth_session_id)
        return Answer(None, 204, (self._answers.carry("", 0),))

    async def _me(self, call: Call[None, None]) -> UserAnswer:
        return UserAnswer(user_of(await self._accounts.account(call.user_id)))

    async def _update_me(self, call: Call[ProfileBody, None]) -> UserAnswer:
        name = call.body.display_name
        if call.body.avatar_url:
            checked_url(call.body.avatar_url, "avatarUrl")
        update = ProfileUpdate(name if name is UNSET else name.strip(), call.body.avatar_url)
        return UserAnswer(user_of(await self._accounts.update_profile(call.user_id, update)))

    async def _list_sessions(self, call: Call[None, PageQuery]) -> SignInList:
        sessions = await self._sign_ins.sessions(call.user_id)
        return sign_in_list(sessions, call.query, call.principal.auth_session_id)

    async def _end_others(self, call: Call[None, None]) -> None:
        await self._sign_ins.end_all(call.user_id, keep=call.principal.auth_session_id)

    async def _end_session(self, call: Call[None, None]) -> None:
        await self._sign_ins.end(call.user_id, call.id_param("sessionId", SessionNotFound))
