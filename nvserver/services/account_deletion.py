"""People who go: what has to be settled before, what goes with them, what stays."""

from collections.abc import Iterable
from typing import Final

import msgspec
import structlog

from nvserver.core.model import WorkspaceInfo
from nvserver.core.principal import Principal
from nvserver.errors import Conflict, LastAdministrator, NoteVaultError, OwnsWorkspaces, WorkspaceNotFound
from nvserver.ports.account_removal import AccountRemoval
from nvserver.ports.accounts import Account
from nvserver.ports.mail import Mail
from nvserver.ports.oplog import OwnedWorkspace, WorkspaceIndex
from nvserver.services.accounts import AccountService, Origin
from nvserver.services.api_tokens import ApiTokenService
from nvserver.services.mail_queue import MailQueue
from nvserver.services.memberships import Memberships
from nvserver.services.reauthentication import Reauthentication
from nvserver.services.sign_ins import SignInService
from nvserver.services.tokens import TokenVerifier

log = structlog.get_logger()

_PAGE: Final = 100

TEXT: Final = """Hello {name},

your account at NoteVault was deleted, as you asked. Workspaces that only you were in are gone with it; what you wrote
in those of others stays there without your name. This address is free: whoever registers with it begins anew.
"""


class DeletionPlan(msgspec.Struct, frozen=True):
    """What deleting an account means now. `in_the_way`: workspaces that have other members and need another owner, or
    to be deleted, first. `going`: those that nobody else is in."""

    in_the_way: tuple[OwnedWorkspace, ...]
    going: tuple[OwnedWorkspace, ...]
    is_last_administrator: bool


class AccountDeletion:
    """A person who asks for it is gone at once. Whatever breaks off on the way leaves an account that can be deleted
    again: it is the last thing to go, but for memberships of a moment ago."""

    def __init__(
        self,
        removal: AccountRemoval,
        index: WorkspaceIndex,
        memberships: Memberships,
        accounts: AccountService,
        reauthentication: Reauthentication,
        sign_ins: SignInService,
        api_tokens: ApiTokenService,
        verifier: TokenVerifier,
        mails: MailQueue,
    ) -> None:
        self._removal = removal
        self._index = index
        self._memberships = memberships
        self._accounts = accounts
        self._reauthentication = reauthentication
        self._sign_ins = sign_ins
        self._api_tokens = api_tokens
        self._verifier = verifier
        self._mails = mails

    async def plan(self, user_id: str) -> DeletionPlan:
        """Changes nothing."""
        owned = await self._index.owned_by(user_id)
        return DeletionPlan(
            tuple(one for one in owned if one.others),
            tuple(one for one in owned if not one.others),
            await self._removal.is_last_administrator(user_id),
        )

    async def delete(self, principal: Principal, password: str | None, code: str | None, origin: Origin) -> Account:
        """The account as it was. Raises as `Reauthentication.check`, and `LastAdministrator`, `OwnsWorkspaces`."""
        user_id = principal.user_id
        await self._reauthentication.check(principal, password, code, origin)
        plan = await self.plan(user_id)
        if plan.is_last_administrator:
            raise LastAdministrator
        if plan.in_the_way:
            raise _owns([one.info for one in plan.in_the_way])
        await self._part(user_id)
        await self._sign_ins.end_all(user_id)
        await self._api_tokens.revoke_all(user_id)
        account = await self._accounts.account(user_id)
        try:
            await self._removal.remove(user_id)
        except Conflict:
            raise LastAdministrator from None  # the others went at the same time
        self._verifier.forget(user_id)
        try:
            await self._part(user_id)  # from where somebody let the person in meanwhile
        except NoteVaultError as error:
            log.warning("a deleted account is still a member", user=user_id, code=error.code)
        self._mails.post(
            Mail("account-deleted", account.email, "Your account is deleted", TEXT.format(name=account.display_name))
        )
        return account

    async def _part(self, user_id: str) -> None:
        """Delete what is the person's alone, leave the rest."""
        after: tuple[int, str] | None = None
        while page := await self._index.workspaces_of(user_id, after=after, limit=_PAGE):
            for one in page:
                part = self._memberships.delete if one.role == "owner" else self._memberships.leave
                try:
                    await part(one.info.id, user_id)
                except WorkspaceNotFound:
                    pass  # gone, or left, meanwhile
                except Conflict:
                    raise _owns([one.info]) from None  # others came in, or it was handed over to the person
            after = (page[-1].info.created_at, page[-1].info.id)


def _owns(workspaces: Iterable[WorkspaceInfo]) -> OwnsWorkspaces:
    return OwnsWorkspaces(details=[{"workspaceId": one.id, "name": one.name} for one in workspaces])
