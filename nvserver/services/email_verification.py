"""Proving that an e-mail address is one's own."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from nvserver.errors import ValidationFailed
from nvserver.ports.account_admin import AccountAdmin
from nvserver.ports.accounts import Account
from nvserver.ports.clock import NowMs
from nvserver.ports.mail import Mail
from nvserver.ports.mail_tokens import MailToken, MailTokenStore
from nvserver.problems import Problem
from nvserver.services.email_changes import EmailChanges
from nvserver.services.mail_links import LONGEST_TOKEN, MINUTE_MS, MailLinks, MailLinkSettings
from nvserver.services.mail_queue import MailQueue
from nvserver.services.refresh_tokens import token_hash
from nvserver.services.sign_in_limits import SignInLimits

TEXT = """Hello {name},

this link confirms that the address is yours:

{link}

It is good for {hours} hours. If you did not register at NoteVault, ignore this mail.
"""


OnVerified: TypeAlias = Callable[[Account], Awaitable[None]]
"""What happens when somebody's address is proved."""


class EmailVerification:
    """Sends the link and takes what comes back by it."""

    def __init__(
        self,
        tokens: MailTokenStore,
        admin: AccountAdmin,
        mails: MailQueue,
        links: MailLinks,
        limits: SignInLimits,
        settings: MailLinkSettings,
        changes: EmailChanges,
        on_verified: OnVerified,
        now_ms: NowMs,
    ) -> None:
        """`changes` take the links to new addresses, which lead to the same page."""
        self._changes = changes
        self._tokens = tokens
        self._admin = admin
        self._mails = mails
        self._links = links
        self._limits = limits
        self._settings = settings
        self._on_verified = on_verified
        self._now_ms = now_ms

    def send(self, account: Account) -> None:
        """Post the mail; nothing for an address that is verified."""
        if account.email_verified:
            return

        async def write() -> Mail:
            link, hashed = self._links.new("verify-email")
            now, minutes = self._now_ms(), self._settings.verify_minutes
            token = MailToken(hashed, account.id, "verify", account.email, now + minutes * MINUTE_MS)
            await self._tokens.add(token, now)
            text = TEXT.format(name=account.display_name, link=link, hours=max(1, minutes // 60))
            return Mail("verify-email", account.email, "Confirm your address", text)

        self._mails.post(write)

    def resend(self, account: Account, address: str) -> None:
        """As `send`, at the person's wish. Raises `RateLimited`."""
        self._limits.before_mail(account.email, address)
        self.send(account)

    async def verify(self, token: str) -> None:
        """The holder of the token reads mails to that address; a new one becomes the account's. Raises
        `ValidationFailed`."""
        if len(token) > LONGEST_TOKEN or not (await self._is_verified(token) or await self._is_changed(token)):
            raise ValidationFailed.at("token", "is not good any more; ask for another mail", Problem.EXPIRED)

    async def _is_verified(self, token: str) -> bool:
        found = await self._tokens.use(token_hash(token), "verify", self._now_ms())
        return found is not None and await self.set_verified(found.user_id, found.email)

    async def _is_changed(self, token: str) -> bool:
        account = await self._changes.take(token)
        if account is not None:
            await self._on_verified(account)
        return account is not None

    async def set_verified(self, user_id: str, email: str) -> bool:
        """The person has shown that the address is his. False unless it is his account's."""
        account = await self._admin.set_verified(user_id, email)
        if account is None:
            return False
        await self._on_verified(account)
        return True
