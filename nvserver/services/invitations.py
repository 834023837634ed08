"""Asking people by mail to join a workspace."""

from collections.abc import Sequence
from typing import Final

import msgspec

from nvserver.core.notices import NoticeData
from nvserver.core.permissions import Role
from nvserver.errors import Conflict, Forbidden, InvitationNotFound, PayloadTooLarge, WorkspaceNotFound
from nvserver.ports.accounts import Account, AccountStore
from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.invitations import Invitation, InvitationStore
from nvserver.ports.mail import Mail
from nvserver.ports.notifications import Notification
from nvserver.ports.oplog import WorkspaceIndex
from nvserver.services.accounts import normal_email
from nvserver.services.mail_links import LONGEST_TOKEN, MINUTE_MS, MailLinks, MailLinkSettings
from nvserver.services.mail_queue import MailQueue
from nvserver.services.memberships import Memberships, check_grant, require_right
from nvserver.services.notifications import NotificationService
from nvserver.services.refresh_tokens import token_hash
from nvserver.services.sign_in_limits import SignInLimits

MOST_INVITATIONS: Final = 500
"""That wait in one workspace."""

TEXT = """Hello,

{inviter} invites you to the workspace "{workspace}" at NoteVault. This link lets you join:

{link}

It is good for {days} days. If you do not know what this is about, ignore this mail.
"""


class Sent(msgspec.Struct, frozen=True):
    """An invitation on its way. `link` is what stands in the mail, `token` the secret in it: whoever has it joins."""

    invitation: Invitation
    link: str
    token: str


class Preview(msgspec.Struct, frozen=True):
    """An invitation as whoever holds its token sees it."""

    invitation: Invitation
    workspace_name: str
    inviter_name: str


class InvitationService:
    """Invites, and lets those in who come. The inviter's right is judged again when somebody comes."""

    def __init__(
        self,
        store: InvitationStore,
        accounts: AccountStore,
        index: WorkspaceIndex,
        memberships: Memberships,
        notifications: NotificationService,
        mails: MailQueue,
        links: MailLinks,
        limits: SignInLimits,
        settings: MailLinkSettings,
        now_ms: NowMs,
        new_id: NewId,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._index = index
        self._memberships = memberships
        self._notifications = notifications
        self._mails = mails
        self._links = links
        self._limits = limits
        self._settings = settings
        self._now_ms = now_ms
        self._new_id = new_id

    async def invite(self, workspace_id: str, inviter_id: str, email: str, role: Role, address: str) -> Sent:
        """Ask whoever has the address, known or not. Raises `ValidationFailed`, `WorkspaceNotFound`, `Forbidden`,
        `Conflict`, `PayloadTooLarge`, `RateLimited`."""
        normal = normal_email(email)
        check_grant(await require_right(self._index, workspace_id, inviter_id, "members:invite"), role)
        self._limits.before_mail(normal, address)
        now = self._now_ms()
        invitation = Invitation(self._new_id(), workspace_id, normal, role, inviter_id, now, self._end(now))
        link, token = self._links.secret("invitation")
        if not await self._store.add(invitation, token_hash(token), most=MOST_INVITATIONS):
            raise PayloadTooLarge(f"At most {MOST_INVITATIONS} invitations wait in a workspace")
        await self._post(invitation, link, inviter_id)
        return Sent(invitation, link, token)

    async def of_workspace(self, workspace_id: str, user_id: str) -> Sequence[Invitation]:
        """Those that wait. Raises `WorkspaceNotFound`, `Forbidden`."""
        await require_right(self._index, workspace_id, user_id, "members:invite")
        return await self._store.of_workspace(workspace_id, self._now_ms())

    async def resend(self, workspace_id: str, user_id: str, invitation_id: str, address: str) -> Sent:
        """Send another link; the one before ends. Raises also `InvitationNotFound`, `RateLimited`."""
        waiting = await self.of_workspace(workspace_id, user_id)
        found = next((one for one in waiting if one.id == invitation_id), None)
        if found is None:
            raise InvitationNotFound
        self._limits.before_mail(found.email, address)
        link, token = self._links.secret("invitation")
        renewed = await self._store.renew(workspace_id, invitation_id, token_hash(token), self._end(self._now_ms()))
        if renewed is None:
            raise InvitationNotFound
        await self._post(renewed, link, user_id)
        return Sent(renewed, link, token)

    async def revoke(self, workspace_id: str, user_id: str, invitation_id: str) -> None:
        """Raises also `InvitationNotFound`."""
        await require_right(self._index, workspace_id, user_id, "members:invite")
        if not await self._store.remove(workspace_id, invitation_id):
            raise InvitationNotFound

    async def preview(self, token: str) -> Preview:
        """What the invitation is to. Raises `InvitationNotFound`."""
        invitation = await self._with_token(token)
        inviter = await self._accounts.account(invitation.inviter_id)
        try:
            name = await self._memberships.name(invitation.workspace_id, invitation.inviter_id)
        except WorkspaceNotFound:
            raise InvitationNotFound from None
        return Preview(invitation, name, inviter.display_name if inviter else "")

    async def accept(self, token: str, user_id: str) -> str:
        """Let the holder of the token in; the workspace's id. Raises `InvitationNotFound`, `PayloadTooLarge`."""
        invitation = await self._with_token(token)
        if not await self._let_in(invitation, user_id):
            raise InvitationNotFound
        return invitation.workspace_id

    async def accept_all(self, account: Account) -> None:
        """Let somebody whose address is proved in wherever he is invited. Where there is no room he is told of the
        invitation, which is left for its link."""
        for invitation in await self._store.of_email(account.email, self._now_ms()):
            try:
                await self._let_in(invitation, account.id)
            except PayloadTooLarge:
                await self._notify(invitation, account.id)

    async def _notify(self, invitation: Invitation, user_id: str) -> None:
        name = await self._memberships.name(invitation.workspace_id, invitation.inviter_id)
        data = NoticeData(invitation.inviter_id, workspace_name=name, role=invitation.role)
        notice = Notification(invitation.id, user_id, "invitation", data, self._now_ms())
        await self._notifications.tell([notice])

    async def _let_in(self, invitation: Invitation, user_id: str) -> bool:
        """False for an invitation whose inviter may not invite any more: it is forgotten."""
        is_in = True
        try:
            await self._memberships.add(invitation.workspace_id, user_id, invitation.role, by=invitation.inviter_id)
        except Conflict:
            is_in = await self._index.role_of(invitation.workspace_id, user_id) is not None
        except (WorkspaceNotFound, Forbidden):
            is_in = False
        await self._store.remove(invitation.workspace_id, invitation.id)
        return is_in

    async def _with_token(self, token: str) -> Invitation:
        found = None
        if len(token) <= LONGEST_TOKEN:
            found = await self._store.with_token(token_hash(token), self._now_ms())
        if found is None:
            raise InvitationNotFound
        return found

    async def _post(self, invitation: Invitation, link: str, sender_id: str) -> None:
        name = await self._memberships.name(invitation.workspace_id, sender_id)
        sender = await self._accounts.account(sender_id)
        days = max(1, self._settings.invitation_minutes // 1440)
        text = TEXT.format(inviter=sender.display_name if sender else "Somebody", workspace=name, link=link, days=days)
        self._mails.post(Mail("invitation", invitation.email, f"Invitation to {name}", text))

    def _end(self, now: int) -> int:
        return now + self._settings.invitation_minutes * MINUTE_MS
