"""Runs the checks of `nvserver verify` in the test's own process."""

from collections.abc import Sequence
from pathlib import Path

from nvserver.adapters.sqlite.history_spool import spooled_histories
from nvserver.core.limits import WorkspaceLimits
from nvserver.ports.audit import HistoryTotals
from nvserver.ports.store import Store
from nvserver.workspace.verification import Counts, Verification


async def findings_of(store: Store, *files: Path) -> tuple[Sequence[str], Counts, HistoryTotals]:
    """What is wrong with the store and the histories, what was looked at, what the histories tell of."""
    findings: list[str] = []
    with spooled_histories(files) as histories:
        verification = Verification(
            store.oplog, store.index, store.audit, histories, WorkspaceLimits(), findings.append
        )
        await verification.check_all()
        return findings, verification.counts, histories.totals()
