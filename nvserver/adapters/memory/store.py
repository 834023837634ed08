"""Opens a store in memory."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nvserver.adapters.memory.account_admin import MemoryAccountAdmin
from nvserver.adapters.memory.account_removal import MemoryAccountRemoval
from nvserver.adapters.memory.accounts import MemoryAccountStore
from nvserver.adapters.memory.api_tokens import MemoryApiTokens
from nvserver.adapters.memory.audit import MemoryLogAudit
from nvserver.adapters.memory.audit_log import MemoryAuditLog
from nvserver.adapters.memory.idempotency import MemoryIdempotencyStore
from nvserver.adapters.memory.identities import MemoryIdentities
from nvserver.adapters.memory.index import MemoryIndex
from nvserver.adapters.memory.invitations import MemoryInvitations, MemoryShareLinks
from nvserver.adapters.memory.mail_tokens import MemoryMailTokens
from nvserver.adapters.memory.note_links import MemoryNoteLinks
from nvserver.adapters.memory.oplog import MemoryOpLog
from nvserver.adapters.memory.purging import MemoryNotePurging
from nvserver.adapters.memory.quarantine import MemoryQuarantineStore
from nvserver.adapters.memory.search import MemorySearch
from nvserver.adapters.memory.second_factors import MemorySecondFactors
from nvserver.adapters.memory.versions import MemoryVersionTexts
from nvserver.adapters.memory.webhooks import MemoryWebhooks
from nvserver.ports.store import Store


@asynccontextmanager
async def open_memory() -> AsyncIterator[Store]:
    """An empty store; what it held is gone when nobody refers to it any more."""
    index = MemoryIndex()
    oplog = MemoryOpLog(index)
    accounts = MemoryAccountStore()
    search, mail_tokens, api_tokens = MemorySearch(oplog, index), MemoryMailTokens(), MemoryApiTokens(accounts)
    invitations, share_links, note_links = MemoryInvitations(), MemoryShareLinks(), MemoryNoteLinks()
    version_texts = MemoryVersionTexts()
    second_factors, identities, webhooks = MemorySecondFactors(), MemoryIdentities(), MemoryWebhooks(oplog, index)
    personal = (
        index.notifications,
        index.calendar,
        search,
        mail_tokens,
        api_tokens,
        invitations,
        share_links,
        note_links,
        second_factors,
        identities,
        webhooks,
    )
    yield Store(
        str(uuid.uuid4()),
        oplog,
        index,
        MemoryLogAudit(oplog, index),
        oplog,
        accounts,
        index.chat,
        index.notifications,
        search,
        index.files,
        index.calendar,
        mail_tokens=mail_tokens,
        api_tokens=api_tokens,
        account_admin=MemoryAccountAdmin(accounts, index, oplog),
        account_removal=MemoryAccountRemoval(accounts, personal),
        audit_log=MemoryAuditLog(),
        answers=MemoryIdempotencyStore(),
        invitations=invitations,
        share_links=share_links,
        note_links=note_links,
        second_factors=second_factors,
        identities=identities,
        webhooks=webhooks,
        quarantine=MemoryQuarantineStore(),
        purging=MemoryNotePurging(oplog, index, version_texts, note_links),
        version_texts=version_texts,
    )
