"""What administrators of the whole system do."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

from nvserver.core.notices import NoticeData
from nvserver.errors import UserNotFound
from nvserver.ports.account_admin import Counts
from nvserver.ports.accounts import Account, AuthSession, SystemRole
from nvserver.ports.audit_log import Act, ActQuery
from nvserver.ports.clock import NowMs
from nvserver.ports.notifications import Notification
from nvserver.ports.store import Store
from nvserver.services.api_tokens import ApiTokenService
from nvserver.services.notifications import NotificationService
from nvserver.services.sign_ins import SignInService
from nvserver.services.tokens import TokenVerifier

_PAGE: Final = 500


class AdminService:
    """Whether the caller is an administrator was judged before."""

    def __init__(
        self,
        store: Store,
        sign_ins: SignInService,
        api_tokens: ApiTokenService,
        verifier: TokenVerifier,
        notifications: NotificationService,
        now_ms: NowMs,
    ) -> None:
        self._store = store
        self._sign_ins = sign_ins
        self._api_tokens = api_tokens
        self._verifier = verifier
        self._notifications = notifications
        self._now_ms = now_ms

    async def users(self, text: str, after: tuple[int, str] | None, *, limit: int) -> Sequence[Account]:
        """See `AccountAdmin.search`."""
        return await self._store.account_admin.search(text, after, limit=limit)

    async def user(self, user_id: str) -> Account:
        """Raises `UserNotFound`."""
        return _found(await self._store.accounts.account(user_id))

    async def set_role(self, user_id: str, role: SystemRole) -> Account:
        """Raises `UserNotFound`, `Conflict` for the last administrator."""
        account = _found(await self._store.account_admin.set_role(user_id, role))
        self._verifier.forget(user_id)
        return account

    async def set_suspended(self, user_id: str, *, is_suspended: bool) -> Account:
        """Suspending ends the person's sign-ins and API tokens. Raises as `set_role`."""
        at = self._now_ms() if is_suspended else None
        account = _found(await self._store.account_admin.set_suspended(user_id, at))
        self._verifier.forget(user_id)
        if is_suspended:
            await self.revoke_access(user_id)
        return account

    async def sessions(self, user_id: str) -> Sequence[AuthSession]:
        """The person's sign-ins. Raises `UserNotFound`."""
        await self.user(user_id)
        return await self._sign_ins.sessions(user_id)

    async def everybodys_sessions(self, after: tuple[int, str] | None, *, limit: int) -> Sequence[AuthSession]:
        """See `AccountAdmin.sessions`."""
        return await self._store.account_admin.sessions(self._now_ms(), after, limit=limit)

    async def revoke_access(self, user_id: str) -> None:
        """End all of the person's sign-ins and API tokens."""
        await self._sign_ins.end_all(user_id)
        await self._api_tokens.revoke_all(user_id)

    async def acts(self, query: ActQuery) -> Sequence[Act]:
        """The audit log."""
        return await self._store.audit_log.acts(query)

    async def announce(self, announcement_id: str, actor_id: str, text: str) -> int:
        """Notify everybody who may sign in; how many that are. Announced again under the same id nobody hears twice."""
        data, now, told = NoticeData(actor_id=actor_id, text=text), self._now_ms(), 0
        after: tuple[int, str] | None = None
        while page := await self._store.account_admin.search("", after, limit=_PAGE):
            people = [account.id for account in page if account.suspended_at is None]
            await self._notifications.tell(
                [
                    Notification(str(uuid5(UUID(announcement_id), user_id)), user_id, "announcement", data, now)
                    for user_id in people
                ]
            )
            told += len(people)
            after = (page[-1].created_at, page[-1].id)
        return told

    async def counts(self) -> Counts:
        """What the store holds."""
        return await self._store.account_admin.counts(self._now_ms())


def _found(account: Account | None) -> Account:
    if account is None:
        raise UserNotFound
    return account
