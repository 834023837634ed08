"""Another address for an account: asked for by the person, proved by a mail to the new one, told to the old one."""

from nvserver.core.principal import Principal
from nvserver.ports.account_admin import AccountAdmin
from nvserver.ports.accounts import Account, AccountStore
from nvserver.ports.clock import NowMs
from nvserver.ports.mail import Mail
from nvserver.ports.mail_tokens import MailToken, MailTokenStore
from nvserver.services.accounts import AccountService, Origin, normal_email
from nvserver.services.mail_links import MINUTE_MS, MailLinks, MailLinkSettings
from nvserver.services.mail_queue import MailQueue
from nvserver.services.reauthentication import Reauthentication
from nvserver.services.refresh_tokens import token_hash
from nvserver.services.sign_in_limits import SignInLimits

PROVE = """Hello {name},

you asked to have your NoteVault account under this address from now on. This link does it:

{link}

It is good for {hours} hours. If it was not you, ignore this mail.
"""

CHANGED = """Hello {name},

your NoteVault account is no longer under this address, but under {email}: somebody with your password asked for it, and
opened the mail that was sent there. If it was not you, tell an administrator at once.
"""


class EmailChanges:
    """Until the new address is proved the old one holds."""

    def __init__(
        self,
        store: AccountStore,
        admin: AccountAdmin,
        tokens: MailTokenStore,
        accounts: AccountService,
        reauthentication: Reauthentication,
        limits: SignInLimits,
        mails: MailQueue,
        links: MailLinks,
        settings: MailLinkSettings,
        now_ms: NowMs,
    ) -> None:
        self._store = store
        self._admin = admin
        self._tokens = tokens
        self._accounts = accounts
        self._reauthentication = reauthentication
        self._limits = limits
        self._mails = mails
        self._links = links
        self._settings = settings
        self._now_ms = now_ms

    async def request(
        self, principal: Principal, email: str, password: str | None, code: str | None, origin: Origin
    ) -> None:
        """Post a mail to the new address, unless an account has it: the caller does not learn that. Raises
        `ValidationFailed`, and as `Reauthentication.check`."""
        normal = normal_email(email)
        await self._reauthentication.check(principal, password, code, origin)
        self._limits.before_mail(normal, origin.address)
        account = await self._accounts.account(principal.user_id)

        async def write() -> Mail | None:
            if await self._store.credentials(normal) is not None:
                return None
            link, hashed = self._links.new("verify-email")
            now, minutes = self._now_ms(), self._settings.verify_minutes
            await self._tokens.add(MailToken(hashed, account.id, "email", normal, now + minutes * MINUTE_MS), now)
            text = PROVE.format(name=account.display_name, link=link, hours=max(1, minutes // 60))
            return Mail("new-email", normal, "Your new address", text)

        self._mails.post(write)

    async def take(self, token: str) -> Account | None:
        """The account under its new address. None: the token is not good any more, or another has the address."""
        found = await self._tokens.use(token_hash(token), "email", self._now_ms())
        before = await self._store.account(found.user_id) if found else None
        account = await self._admin.set_email(found.user_id, found.email) if found else None
        if account is None or before is None:
            return None
        # What was sent to the old address is no longer for this person.
        await self._tokens.drop(account.id, "reset")
        text = CHANGED.format(name=account.display_name, email=account.email)
        self._mails.post(Mail("new-email", before.email, "Your address was changed", text))
        return account
