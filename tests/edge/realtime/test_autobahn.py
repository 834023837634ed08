"""C2: the cases of the Autobahn test suite, which have tried WebSocket servers since 2011, run by kosoku."""

import asyncio

import trio
from kosoku import FailureError, run_fuzzingclient
from kosoku._kosoku import CaseResult

from nvserver.testing.protocol_server import serve

COMPRESSION = ("12.*", "13.*")
"""Not spoken here, on purpose: one small frame would inflate to whatever its sender likes."""
CASES = 301
"""Without those."""
PATIENCE_SECONDS = 300


async def test_every_case_ends_as_the_protocol_wants(nursery: trio.Nursery) -> None:
    port = await nursery.start(serve, "websocket", 0)

    async def run() -> list[CaseResult]:
        address = f"ws://localhost:{port}/websocket/"
        try:
            results = run_fuzzingclient(address, exclude_cases=COMPRESSION, concurrency=4)
            return await asyncio.wait_for(results, PATIENCE_SECONDS)
        except FailureError as error:
            return error.results

    results = await trio.to_thread.run_sync(asyncio.run, run())
    assert [told for result in results if (told := fault(result)) is not None] == []
    assert len(results) == CASES
    nursery.cancel_scope.cancel()


def fault(result: CaseResult) -> str | None:
    """What was wrong, if anything."""
    behavior, close = result.behavior.value, result.behavior_close.value
    if behavior in ("OK", "NON-STRICT", "INFORMATIONAL") and close in ("OK", "INFORMATIONAL"):
        return None
    return f"{result.case_id}: {behavior}, {result.result} {close}, {result.result_close}"
