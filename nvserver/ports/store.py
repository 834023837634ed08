"""The ports that one database fills together."""

from dataclasses import dataclass

from nvserver.ports.account_admin import AccountAdmin
from nvserver.ports.account_removal import AccountRemoval
from nvserver.ports.accounts import AccountStore
from nvserver.ports.api_tokens import ApiTokenStore
from nvserver.ports.audit import LogAudit
from nvserver.ports.audit_log import AuditLog
from nvserver.ports.calendar import CalendarStore
from nvserver.ports.chat import ChatStore
from nvserver.ports.compaction import LogCompaction
from nvserver.ports.files import FileIndex
from nvserver.ports.idempotency import IdempotencyStore
from nvserver.ports.identities import IdentityStore
from nvserver.ports.invitations import InvitationStore, ShareLinkStore
from nvserver.ports.mail_tokens import MailTokenStore
from nvserver.ports.note_links import NoteLinkStore
from nvserver.ports.notifications import NotificationStore
from nvserver.ports.oplog import OpLog, WorkspaceIndex
from nvserver.ports.purging import NotePurging
from nvserver.ports.quarantine import QuarantineStore
from nvserver.ports.search import SearchIndex
from nvserver.ports.second_factors import SecondFactorStore
from nvserver.ports.versions import VersionTexts
from nvserver.ports.webhooks import WebhookStore


@dataclass(frozen=True, slots=True)
class Store:
    """An open database. `cluster_id` (a UUID string) was drawn when it was made: nodes that find another id elsewhere,
    in their settings or their directory, do not belong together."""

    cluster_id: str
    oplog: OpLog
    index: WorkspaceIndex
    audit: LogAudit
    compaction: LogCompaction
    accounts: AccountStore
    chat: ChatStore
    notifications: NotificationStore
    search: SearchIndex
    files: FileIndex
    calendar: CalendarStore
    mail_tokens: MailTokenStore
    api_tokens: ApiTokenStore
    account_admin: AccountAdmin
    account_removal: AccountRemoval
    audit_log: AuditLog
    answers: IdempotencyStore
    invitations: InvitationStore
    share_links: ShareLinkStore
    note_links: NoteLinkStore
    second_factors: SecondFactorStore
    identities: IdentityStore
    webhooks: WebhookStore
    quarantine: QuarantineStore
    purging: NotePurging
    version_texts: VersionTexts
