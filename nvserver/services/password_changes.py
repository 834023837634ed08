"""New passwords: by whoever knows the old one, and by whoever reads the account's mails."""

from nvserver.core.principal import Principal
from nvserver.errors import Unauthenticated, ValidationFailed
from nvserver.ports.accounts import AccountStore
from nvserver.ports.clock import NowMs
from nvserver.ports.mail import Mail
from nvserver.ports.mail_tokens import MailToken, MailTokenStore
from nvserver.problems import Problem
from nvserver.services.accounts import AccountService, Origin, normal_email
from nvserver.services.api_tokens import ApiTokenService
from nvserver.services.email_verification import EmailVerification
from nvserver.services.mail_links import LONGEST_TOKEN, MINUTE_MS, MailLinks, MailLinkSettings
from nvserver.services.mail_queue import MailQueue
from nvserver.services.passwords import Passwords
from nvserver.services.refresh_tokens import token_hash
from nvserver.services.safety_mails import SafetyMails
from nvserver.services.sign_in_limits import SignInLimits
from nvserver.services.sign_ins import SignInService

TEXT = """Hello {name},

somebody, hopefully you, asked for a new password at NoteVault. This link lets you choose one:

{link}

It is good for {minutes} minutes and for one use. If it was not you, ignore this mail: your password stays as it is.
"""


class PasswordChanges:
    """Changing a password ends the other sign-ins; a reset ends all, and the personal API tokens."""

    def __init__(
        self,
        store: AccountStore,
        tokens: MailTokenStore,
        verification: EmailVerification,
        accounts: AccountService,
        sign_ins: SignInService,
        api_tokens: ApiTokenService,
        passwords: Passwords,
        limits: SignInLimits,
        mails: MailQueue,
        safety: SafetyMails,
        links: MailLinks,
        settings: MailLinkSettings,
        now_ms: NowMs,
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._verification = verification
        self._accounts = accounts
        self._sign_ins = sign_ins
        self._api_tokens = api_tokens
        self._passwords = passwords
        self._limits = limits
        self._mails = mails
        self._safety = safety
        self._links = links
        self._settings = settings
        self._now_ms = now_ms

    async def change(self, principal: Principal, current: str, new: str, origin: Origin) -> None:
        """Raises `ValidationFailed` (also for a wrong `current`: the sign-in is good, so it is no 401), `RateLimited`,
        `Unavailable`."""
        account = await self._accounts.account(principal.user_id)
        self._passwords.check_new(new, "newPassword")
        try:
            await self._accounts.prove(account.email, current, origin)
        except Unauthenticated:
            raise ValidationFailed.at("currentPassword", "is wrong", Problem.WRONG_PASSWORD) from None
        await self._store.set_password_hash(account.id, await self._passwords.hashed(new))
        await self._drop_links(account.id)
        await self._sign_ins.end_all(account.id, keep=principal.auth_session_id)
        self._safety.tell(account, "password")

    def request_reset(self, email: str, origin: Origin) -> None:
        """Post a mail if somebody has the address. Whether anybody has is looked up when the mail is written: the
        caller learns it neither from the answer nor from its time. Raises `ValidationFailed`, `RateLimited`."""
        normal = normal_email(email)
        self._limits.before_mail(normal, origin.address)

        async def write() -> Mail | None:
            credentials = await self._store.credentials(normal)
            if credentials is None or credentials.account.suspended_at is not None:
                return None
            link, hashed = self._links.new("reset-password")
            account, now, minutes = credentials.account, self._now_ms(), self._settings.reset_minutes
            await self._tokens.add(MailToken(hashed, account.id, "reset", normal, now + minutes * MINUTE_MS), now)
            text = TEXT.format(name=account.display_name, link=link, minutes=minutes)
            return Mail("reset-password", normal, "A new password", text)

        self._mails.post(write)

    async def reset(self, token: str, new: str) -> str:
        """Set the password of the token's account; the account's id. Raises `ValidationFailed`, `Unavailable`."""
        self._passwords.check_new(new)
        # Hashed before the token is used, so that a busy server does not cost it.
        password_hash = await self._passwords.hashed(new)
        found = None
        if len(token) <= LONGEST_TOKEN:
            found = await self._tokens.use(token_hash(token), "reset", self._now_ms())
        if found is None:
            raise ValidationFailed.at("token", "is not good any more; ask for another mail", Problem.EXPIRED)
        await self._store.set_password_hash(found.user_id, password_hash)
        await self._drop_links(found.user_id)
        await self._sign_ins.end_all(found.user_id)
        await self._api_tokens.revoke_all(found.user_id)
        await self._verification.set_verified(found.user_id, found.email)
        self._safety.tell(await self._accounts.account(found.user_id), "password")
        return found.user_id

    async def _drop_links(self, user_id: str) -> None:
        """Whoever knew the old password may have had links sent: to a new password, to an address of his own."""
        await self._tokens.drop(user_id, "reset")
        await self._tokens.drop(user_id, "email")
