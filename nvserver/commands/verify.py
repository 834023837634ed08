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
from nvserver.ports.audit import HistoryTotals
from nvserver.workspace.verification import Counts, Verification

HELP = "check the log against itself, the snapshots and what clients were told; exit code 1 if something is wrong"


def add_arguments(parser: ArgumentParser) -> None:
    """Which workspace, and whose word."""
    parser.add_argument("--workspace", metavar="ID", help="only this workspace (all)")
    parser.add_argument(
        "--acks", metavar="FILE", type=Path, nargs="+", action="extend", default=[], help="histories that clients wrote"
    )
    parser.add_argument(
        "--drill",
        action="store_true",
        help="also fail if the histories tell of no fault injected, no acknowledgement or no fence hit",
    )


def run(arguments: Namespace, loaded: LoadedSettings) -> ExitCode:
    """Print each finding as a sentence, then what the histories tell of, then one line of counts. A server may go on
    writing meanwhile."""
    counts, totals = trio.run(_verify, loaded.settings, arguments.workspace, arguments.acks)
    if arguments.acks or arguments.drill:
        print(describe_totals(totals))
    is_proof = not arguments.drill or bool(totals.faults and totals.acknowledgements and totals.fence_hits)
    if not is_proof:
        print("the drill proves nothing: one of these never happened")
    print(describe(counts))
    return ExitCode.OK if is_proof and not counts.findings else ExitCode.FOUND_WRONG


async def _verify(settings: Settings, workspace_id: str | None, files: Sequence[Path]) -> tuple[Counts, HistoryTotals]:
    with spooled_histories(files) as histories:
        async with open_store(settings) as store:
            verification = Verification(store.oplog, store.index, store.audit, histories, settings.limits, print)
            if workspace_id is None:
                await verification.check_all()
            else:
                await _check_one(verification, workspace_id)
        return verification.counts, histories.totals()


async def _check_one(verification: Verification, workspace_id: str) -> None:
    try:
        await verification.check_workspace(workspace_id)
    except ValueError:
        raise OperatorError(f"{workspace_id} is not the id of a workspace") from None


def describe_totals(totals: HistoryTotals) -> str:
    """What the histories tell of."""
    return (
        f"the histories tell of {totals.faults} faults injected, {totals.acknowledgements} acknowledgements and"
        f" {totals.fence_hits} fence hits"
    )


def describe(counts: Counts) -> str:
    """The closing line."""
    seen = (
        f"{counts.workspaces} workspaces, {counts.entries} entries, {counts.snapshots} snapshots, {counts.notes} notes,"
        f" {counts.claims} lines of clients"
    )
    if counts.claims_behind:
        seen += f" ({counts.claims_behind} more lie before a horizon)"
    return f"checked {seen}: {f'{counts.findings} things are wrong' if counts.findings else 'nothing is wrong'}"
