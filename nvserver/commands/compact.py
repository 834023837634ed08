"""`nvserver compact`: shorten logs now, as far as the settings or the flags allow."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace

import trio

from nvserver.commands.exit_codes import ExitCode
from nvserver.commands.opening import open_store
from nvserver.config import LoadedSettings, Settings
from nvserver.errors import OperatorError
from nvserver.ports.compaction import LogExtent
from nvserver.ports.store import Store
from nvserver.process import now_ms, offload
from nvserver.workspace.compaction import Compacted, CompactionSettings, Compactor

HELP = "replace the oldest entries of long logs by the state that they led to"


def add_arguments(parser: ArgumentParser) -> None:
    """Which workspace, and how much stays."""
    parser.add_argument("--workspace", metavar="ID", help="only this workspace (all)")
    parser.add_argument("--keep-days", metavar="N", type=float, help="entries younger than this stay (as set)")
    parser.add_argument("--keep-entries", metavar="N", type=int, help="so many of the newest stay (as set)")


def run(arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Print a line for each log that was shortened. A server may go on; clients that are connected to it and come from
    before the new horizon get the text anew."""
    settings = loaded.settings.compaction
    keep_days = settings.keep_days if arguments.keep_days is None else arguments.keep_days
    keep_entries = settings.keep_entries if arguments.keep_entries is None else arguments.keep_entries
    if keep_days < 0 or keep_entries < 0:
        raise OperatorError("--keep-days and --keep-entries must not be negative")
    settings = replace(settings, keep_days=keep_days, keep_entries=keep_entries, min_entries=1)
    trio.run(_compact, loaded.settings, settings, arguments.workspace)
    return ExitCode.OK


async def _compact(settings: Settings, compaction: CompactionSettings, workspace_id: str | None) -> None:
    async with open_store(settings) as store:
        compactor = Compactor(
            store.oplog,
            store.compaction,
            (store.search.position,),
            offload,
            now_ms,
            compaction,
            settings.limits,
            rest=1.0,
        )
        if workspace_id is None:
            await compactor.compact_all(_tell)
        else:
            _tell(workspace_id, await compactor.compact(await _extent(store, workspace_id)))


async def _extent(store: Store, workspace_id: str) -> LogExtent:
    try:
        stored = await store.audit.workspace(workspace_id)
    except ValueError:
        raise OperatorError(f"{workspace_id} is not the id of a workspace") from None
    if stored is None:
        raise OperatorError(f"there is no workspace {workspace_id}")
    return LogExtent(workspace_id, stored.horizon, stored.head, is_swept=False)


def _tell(workspace_id: str, compacted: Compacted) -> None:
    if compacted.horizon == compacted.horizon_before and not compacted.swept:
        print(f"{workspace_id}: nothing to do, its log begins after entry {compacted.horizon}")
    else:
        print(f"{workspace_id}: {compacted.swept} entries replaced, its log begins after entry {compacted.horizon}")
