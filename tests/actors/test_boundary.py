"""What happens in one task of a shared nursery stays there."""

import trio
import trio.testing

from nvserver.actors.boundary import contained


async def test_an_exception_and_a_stray_cancellation_reach_no_sibling() -> None:
    done: list[str] = []

    async def fail() -> None:
        raise RuntimeError("planted")

    async def raise_a_cancelled() -> None:
        """A `Cancelled` that outlives its scope, as a library that keeps exceptions may raise it again later."""
        kept: list[BaseException] = []
        with trio.CancelScope() as scope:
            scope.cancel()
            try:
                await trio.lowlevel.checkpoint()
            except trio.Cancelled as cancelled:
                kept.append(cancelled)
        raise kept[0]

    async def work() -> None:
        await trio.testing.wait_all_tasks_blocked()
        done.append("work")

    with trio.fail_after(10):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(contained, fail)
            nursery.start_soon(contained, raise_a_cancelled)
            nursery.start_soon(work)
    assert done == ["work"]


async def test_a_cancellation_from_outside_passes() -> None:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(contained, trio.sleep_forever)
        nursery.cancel_scope.cancel()
