"""Opens the whole store of a SQLite file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from nvserver.adapters.sql.account_admin import SqlAccountAdmin
from nvserver.adapters.sql.api_tokens import SqlApiTokens
from nvserver.adapters.sql.audit import SqlLogAudit
from nvserver.adapters.sql.audit_log import SqlAuditLog
from nvserver.adapters.sql.auth_sessions import SqlAccountStore
from nvserver.adapters.sql.calendar import SqlCalendar
from nvserver.adapters.sql.chat import SqlChatStore
from nvserver.adapters.sql.compaction import SqlLogCompaction
from nvserver.adapters.sql.files import SqlFileIndex
from nvserver.adapters.sql.idempotency import SqlIdempotencyStore
from nvserver.adapters.sql.identities import SqlIdentities
from nvserver.adapters.sql.index import SqlWorkspaceIndex
from nvserver.adapters.sql.invitations import SqlInvitations, SqlShareLinks
from nvserver.adapters.sql.mail_tokens import SqlMailTokens
from nvserver.adapters.sql.migrations import check_cluster, cluster_id_of
from nvserver.adapters.sql.note_links import SqlNoteLinks
from nvserver.adapters.sql.notifications import SqlNotificationStore
from nvserver.adapters.sql.quarantine import SqlQuarantineStore
from nvserver.adapters.sql.second_factors import SqlSecondFactors
from nvserver.adapters.sql.versions import SqlVersionTexts
from nvserver.adapters.sql.webhooks import SqlWebhooks
from nvserver.adapters.sqlite.database import open_database
from nvserver.adapters.sqlite.migrate import migrate
from nvserver.adapters.sqlite.oplog import SqliteOpLog
from nvserver.adapters.sqlite.search import SqliteSearch
from nvserver.adapters.sqlite.settings import SqliteSettings
from nvserver.ports.store import Store

_SIZE = "SELECT c.page_count * s.page_size FROM pragma_page_count() c, pragma_page_size() s"


@asynccontextmanager
async def open_sqlite(
    path: Path, settings: SqliteSettings | None = None, *, cluster_id: str | None = None
) -> AsyncIterator[Store]:
    """The store in the file at `path`, made and migrated where need be; closed when the block ends.

    With `cluster_id`, a store of another cluster is refused (`StoreRefused`). Raises as `migrate` does.
    """
    settings = settings or SqliteSettings()
    await migrate(path, settings)
    async with open_database(path, settings) as database:
        found = await cluster_id_of(database)
        check_cluster(found, cluster_id)
        yield Store(
            found,
            SqliteOpLog(database),
            SqlWorkspaceIndex(database),
            SqlLogAudit(database),
            SqlLogCompaction(database),
            SqlAccountStore(database),
            SqlChatStore(database),
            SqlNotificationStore(database),
            SqliteSearch(database),
            SqlFileIndex(database),
            SqlCalendar(database),
            mail_tokens=SqlMailTokens(database),
            api_tokens=SqlApiTokens(database),
            account_admin=SqlAccountAdmin(database, _SIZE),
            audit_log=SqlAuditLog(database),
            answers=SqlIdempotencyStore(database),
            invitations=SqlInvitations(database),
            share_links=SqlShareLinks(database),
            note_links=SqlNoteLinks(database),
            second_factors=SqlSecondFactors(database),
            identities=SqlIdentities(database),
            webhooks=SqlWebhooks(database),
            quarantine=SqlQuarantineStore(database),
            version_texts=SqlVersionTexts(database),
        )
