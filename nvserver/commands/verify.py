"""`nvserver verify`: hold the log against itself, the snapshots, the index, and what clients were told."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

import trio

from nvserver.adapters.sqlite.history_spool import spooled_histories
from nvserver.commands.exit_codes import ExitCode
from nvserver.commands.opening import open_store
from nvserver.config import LoadedSettings, Settings
from nvserver.errors import OperatorError
from nvserver.workspace.verification import Counts, Verification

HELP = "check the log against itself, the snapshots and what clients were told; exit code 1 if something is wrong"


def add_arguments(parser: ArgumentParser) -> None:
    """Which workspace, and whose word."""
    parser.add_argument("--workspace", metavar="ID", help="only this workspace (all)")
    parser.add_argument(
        "--acks", metavar="FILE", type=Path, nargs="+", action="extend", default=[], help="histories that clients wrote"
    )


def run(arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Print each finding as a sentence, then one line of counts. A server may go on writing meanwhile."""
    counts = trio.run(_verify, loaded.settings, arguments.workspace, arguments.acks)
    print(describe(counts))
    return ExitCode.FOUND_WRONG if counts.findings else ExitCode.OK


async def _verify(settings: Settings, workspace_id: str | None, files: Sequence[Path]) -> Counts:
    with spooled_histories(files) as histories:
        async with open_store(settings) as store:
            verification = Verification(store.oplog, store.index, store.audit, histories, settings.limits, print)
            if workspace_id is None:
                await verification.check_all()
            else:
                await _check_one(verification, workspace_id)
    return verification.counts


async def _check_one(verification: Verification, workspace_id: str) -> None:
    try:
        await verification.check_workspace(workspace_id)
    except ValueError:
        raise OperatorError(f"{workspace_id} is not the id of a workspace") from None


def describe(counts: Counts) -> str:
    """The closing line."""
    seen = (
        f"{counts.workspaces} workspaces, {counts.entries} entries, {counts.snapshots} snapshots, {counts.notes} notes,"
        f" {counts.claims} lines of clients"
    )
    return f"checked {seen}: {f'{counts.findings} things are wrong' if counts.findings else 'nothing is wrong'}"
