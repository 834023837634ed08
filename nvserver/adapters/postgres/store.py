"""Opens the whole store of a PostgreSQL database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nvserver.adapters.postgres.database import open_database
from nvserver.adapters.postgres.migrate import check
from nvserver.adapters.postgres.oplog import PostgresOpLog
from nvserver.adapters.postgres.search import PostgresSearch
from nvserver.adapters.postgres.settings import PostgresSettings
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
from nvserver.adapters.sql.migrations import StoreRefused, check_cluster, cluster_id_of
from nvserver.adapters.sql.note_links import SqlNoteLinks
from nvserver.adapters.sql.notifications import SqlNotificationStore
from nvserver.adapters.sql.quarantine import SqlQuarantineStore
from nvserver.adapters.sql.second_factors import SqlSecondFactors
from nvserver.adapters.sql.versions import SqlVersionTexts
from nvserver.adapters.sql.webhooks import SqlWebhooks
from nvserver.ports.store import Store

_SIZE = "SELECT pg_database_size(current_database())"


@asynccontextmanager
async def open_postgres(
    url: str, settings: PostgresSettings | None = None, *, cluster_id: str | None = None
) -> AsyncIterator[Store]:
    """The store in the database at `url`; closed when the block ends. Call it under `trio_asyncio.open_loop()`.

    A database whose schema is outdated, newer or, with `cluster_id`, another cluster's is refused (`StoreRefused`).
    Raises `Unavailable` when it cannot be reached.
    """
    settings = settings or PostgresSettings()
    if missing := await check(url, settings):
        raise StoreRefused(f"the store lacks {len(missing)} migrations: run `nvserver migrate`")
    async with (
        open_database(url, settings, size=settings.connections) as database,
        open_database(url, settings, size=1) as appends,
    ):
        found = await cluster_id_of(database)
        check_cluster(found, cluster_id)
        yield Store(
            found,
            PostgresOpLog(database, appends),
            SqlWorkspaceIndex(database),
            SqlLogAudit(database),
            SqlLogCompaction(database),
            SqlAccountStore(database),
            SqlChatStore(database),
            SqlNotificationStore(database),
            PostgresSearch(database),
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
