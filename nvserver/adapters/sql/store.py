"""The store in an SQL database: alike for all but for the op log, the search and how the size is asked for."""

from nvserver.adapters.sql.account_admin import SqlAccountAdmin
from nvserver.adapters.sql.account_removal import SqlAccountRemoval
from nvserver.adapters.sql.api_tokens import SqlApiTokens
from nvserver.adapters.sql.audit import SqlLogAudit
from nvserver.adapters.sql.audit_log import SqlAuditLog
from nvserver.adapters.sql.auth_sessions import SqlAccountStore
from nvserver.adapters.sql.calendar import SqlCalendar
from nvserver.adapters.sql.chat import SqlChatStore
from nvserver.adapters.sql.compaction import SqlLogCompaction
from nvserver.adapters.sql.database import Database
from nvserver.adapters.sql.files import SqlFileIndex
from nvserver.adapters.sql.idempotency import SqlIdempotencyStore
from nvserver.adapters.sql.identities import SqlIdentities
from nvserver.adapters.sql.index import SqlWorkspaceIndex
from nvserver.adapters.sql.invitations import SqlInvitations, SqlShareLinks
from nvserver.adapters.sql.mail_tokens import SqlMailTokens
from nvserver.adapters.sql.note_links import SqlNoteLinks
from nvserver.adapters.sql.notifications import SqlNotificationStore
from nvserver.adapters.sql.purging import SqlNotePurging
from nvserver.adapters.sql.quarantine import SqlQuarantineStore
from nvserver.adapters.sql.second_factors import SqlSecondFactors
from nvserver.adapters.sql.versions import SqlVersionTexts
from nvserver.adapters.sql.webhooks import SqlWebhooks
from nvserver.ports.oplog import OpLog
from nvserver.ports.search import SearchIndex
from nvserver.ports.store import Store


def sql_store(cluster_id: str, database: Database, oplog: OpLog, search: SearchIndex, size_sql: str) -> Store:
    """`size_sql` asks for the bytes that the database takes."""
    return Store(
        cluster_id,
        oplog,
        SqlWorkspaceIndex(database),
        SqlLogAudit(database),
        SqlLogCompaction(database),
        SqlAccountStore(database),
        SqlChatStore(database),
        SqlNotificationStore(database),
        search,
        SqlFileIndex(database),
        SqlCalendar(database),
        mail_tokens=SqlMailTokens(database),
        api_tokens=SqlApiTokens(database),
        account_admin=SqlAccountAdmin(database, size_sql),
        account_removal=SqlAccountRemoval(database),
        audit_log=SqlAuditLog(database),
        answers=SqlIdempotencyStore(database),
        invitations=SqlInvitations(database),
        share_links=SqlShareLinks(database),
        note_links=SqlNoteLinks(database),
        second_factors=SqlSecondFactors(database),
        identities=SqlIdentities(database),
        webhooks=SqlWebhooks(database),
        quarantine=SqlQuarantineStore(database),
        purging=SqlNotePurging(database),
        version_texts=SqlVersionTexts(database),
    )
