"""What belongs to accounts beside signing in, wired together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nvserver.ports.clock import NewId, NowMs
from nvserver.ports.store import Store
from nvserver.ports.web_client import WebClient
from nvserver.services.account_deletion import AccountDeletion
from nvserver.services.accounts import AccountService
from nvserver.services.admin import AdminService
from nvserver.services.api_tokens import ApiTokenService
from nvserver.services.audit_trail import AuditSettings, AuditTrail
from nvserver.services.email_changes import EmailChanges
from nvserver.services.email_verification import EmailVerification
from nvserver.services.identity_links import IdentityLinks
from nvserver.services.invitations import InvitationService
from nvserver.services.mail_links import MailLinks, MailLinkSettings
from nvserver.services.mail_queue import MailQueue
from nvserver.services.memberships import Memberships
from nvserver.services.note_links import NoteLinkService
from nvserver.services.notifications import NotificationService
from nvserver.services.oidc_journeys import OidcJourneys, SealedNotes
from nvserver.services.oidc_provider import OidcProvider
from nvserver.services.oidc_settings import OidcSettings
from nvserver.services.oidc_sign_in import OidcSignIn
from nvserver.services.password_changes import PasswordChanges
from nvserver.services.passwords import Passwords
from nvserver.services.reauthentication import Reauthentication
from nvserver.services.safety_mails import SafetyMails
from nvserver.services.sealing import Sealer
from nvserver.services.second_factors import SecondFactors
from nvserver.services.share_links import ShareLinkService
from nvserver.services.sign_in_limits import SignInLimits
from nvserver.services.sign_ins import SessionCloser, SignInService
from nvserver.services.throttle import Throttle, Unlimited
from nvserver.services.tokens import TokenVerifier
from nvserver.services.webhook_delivery import WebhookDelivery
from nvserver.services.webhook_sender import WebhookSettings
from nvserver.services.webhooks import WebhookService


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """The sections that these services have."""

    links: MailLinkSettings = field(default_factory=MailLinkSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    oidc: Mapping[str, OidcSettings] = field(default_factory=dict)
    """The providers by their ids."""


@dataclass(frozen=True, slots=True)
class AccountServices:
    """What routes use."""

    verification: EmailVerification
    email_changes: EmailChanges
    passwords: PasswordChanges
    api_tokens: ApiTokenService
    audit: AuditTrail
    admin: AdminService
    invitations: InvitationService
    share_links: ShareLinkService
    note_links: NoteLinkService
    second_factors: SecondFactors
    by_provider: OidcSignIn
    identities: IdentityLinks
    webhooks: WebhookService
    safety: SafetyMails
    deletion: AccountDeletion


def account_services(
    store: Store,
    accounts: AccountService,
    sign_ins: SignInService,
    verifier: TokenVerifier,
    passwords: Passwords,
    limits: SignInLimits,
    closer: SessionCloser,
    mails: MailQueue,
    memberships: Memberships,
    notifications: NotificationService,
    public_url: str,
    keys: Sequence[bytes],
    web: WebClient,
    delivery: WebhookDelivery,
    redeliveries: Throttle | Unlimited,
    webhooks: WebhookSettings,
    settings: AccountSettings,
    now_ms: NowMs,
    new_id: NewId,
) -> AccountServices:
    """`public_url` is where the links in mails lead; `keys` are the server's, the one in use first; `web` asks
    the providers of sign-ins; `delivery`, `redeliveries` and `webhooks` are of webhooks."""
    links, admin = MailLinks(public_url), store.account_admin
    api_tokens = ApiTokenService(store.api_tokens, verifier, closer, now_ms, new_id)
    invitations = InvitationService(
        store.invitations,
        store.accounts,
        store.index,
        memberships,
        notifications,
        mails,
        links,
        limits,
        settings.links,
        now_ms,
        new_id,
    )
    second_factors = SecondFactors(store.second_factors, Sealer(keys), limits, now_ms)
    notes = SealedNotes(Sealer(keys), now_ms)
    reauthentication = Reauthentication(store.accounts, accounts, second_factors, now_ms)
    email_changes = EmailChanges(
        store.accounts,
        admin,
        store.mail_tokens,
        accounts,
        reauthentication,
        limits,
        mails,
        links,
        settings.links,
        now_ms,
    )
    verification = EmailVerification(
        store.mail_tokens, admin, mails, links, limits, settings.links, email_changes, invitations.accept_all, now_ms
    )
    safety = SafetyMails(mails)
    changes = PasswordChanges(
        store.accounts,
        store.mail_tokens,
        verification,
        accounts,
        sign_ins,
        api_tokens,
        passwords,
        limits,
        mails,
        safety,
        links,
        settings.links,
        now_ms,
    )
    journeys = OidcJourneys(
        [OidcProvider(name, one, links.page("sign-in"), web, now_ms) for name, one in settings.oidc.items()],
        notes,
        now_ms,
    )
    return AccountServices(
        verification,
        email_changes,
        changes,
        api_tokens,
        AuditTrail(store.audit_log, settings.audit, now_ms, new_id),
        AdminService(store, sign_ins, api_tokens, verifier, notifications, now_ms),
        invitations,
        ShareLinkService(store.share_links, store.index, memberships, links, now_ms, new_id),
        NoteLinkService(store.note_links, passwords, limits, links, now_ms, new_id),
        second_factors,
        OidcSignIn(
            journeys, store.identities, store.accounts, accounts, verification, second_factors, notes, now_ms
        ),
        IdentityLinks(
            journeys,
            store.identities,
            accounts,
            reauthentication,
            safety,
            now_ms,
        ),
        WebhookService(
            store.webhooks, store.index, store.oplog, delivery, redeliveries, webhooks, Sealer(keys), now_ms, new_id
        ),
        safety,
        AccountDeletion(
            store.account_removal,
            store.index,
            memberships,
            accounts,
            reauthentication,
            sign_ins,
            api_tokens,
            verifier,
            mails,
        ),
    )  # fmt: skip
