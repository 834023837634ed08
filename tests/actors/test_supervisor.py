"""Restarts by numbers, on a simulated clock."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from nvserver.actors.supervisor import ChildSpec, RestartType, Supervisor
from nvserver.core.supervision import RestartCounter, RestartIntensity

INTENSITY = RestartIntensity(max_restarts=5, period_seconds=30.0)


class Children:
    """Counts starts; each child crashes as often as it is told."""

    def __init__(self) -> None:
        self.starts = 0
        self.crashes: list[tuple[str, bool]] = []

    def spec(self, run: Callable[[], Awaitable[None]], restart: RestartType) -> ChildSpec:
        async def counted() -> None:
            self.starts += 1
            await run()

        return ChildSpec("child", counted, restart, INTENSITY, lambda e, again: self.crashes.append((str(e), again)))


async def crash() -> None:
    raise RuntimeError("boom")


async def finish() -> None:
    await trio.lowlevel.checkpoint()


@pytest.mark.parametrize(
    ("restart", "run", "starts", "crashes"),
    [
        (RestartType.TRANSIENT, crash, 6, 6),
        (RestartType.PERMANENT, crash, 6, 6),
        (RestartType.TEMPORARY, crash, 1, 1),
        (RestartType.TRANSIENT, finish, 1, 0),
        (RestartType.TEMPORARY, finish, 1, 0),
    ],
)
async def test_how_often_a_child_is_started(
    restart: RestartType, run: Callable[[], Awaitable[None]], starts: int, crashes: int, autojump_clock: MockClock
) -> None:
    children = Children()
    async with trio.open_nursery() as nursery:
        Supervisor(nursery).start(children.spec(run, restart))
    assert (children.starts, len(children.crashes)) == (starts, crashes)
    assert [again for _, again in children.crashes] == [True] * (crashes - 1) + [False] * bool(crashes)


async def test_a_child_that_crashes_rarely_is_restarted_for_ever(autojump_clock: MockClock) -> None:
    children = Children()

    async def crash_late() -> None:
        await trio.sleep_until(trio.current_time() + 7)  # 4 in any 30 seconds
        raise RuntimeError("late")

    async with trio.open_nursery() as nursery:
        Supervisor(nursery).start(children.spec(crash_late, RestartType.TRANSIENT))
        with trio.move_on_after(7 * 50 + 1):
            await trio.sleep_forever()
        nursery.cancel_scope.cancel()
    assert len(children.crashes) == 50
    assert all(again for _, again in children.crashes)


async def test_a_stray_cancellation_stays_with_its_child(autojump_clock: MockClock) -> None:
    children = Children()
    leaked: list[trio.Cancelled] = []

    async def catch_one() -> None:
        with trio.CancelScope() as scope:
            scope.cancel()
            try:
                await trio.lowlevel.checkpoint()
            except trio.Cancelled as cancelled:
                leaked.append(cancelled)
                raise

    async def leak() -> None:
        await catch_one()
        raise leaked[-1]

    sibling_went_on = trio.Event()

    async def sibling() -> None:
        await trio.sleep_until(trio.current_time() + 1)
        sibling_went_on.set()

    async with trio.open_nursery() as nursery:
        Supervisor(nursery).start(children.spec(leak, RestartType.TRANSIENT))
        nursery.start_soon(sibling)
    assert sibling_went_on.is_set()
    assert len(children.crashes) == 6  # it counts as a crash


async def test_cancelling_the_nursery_ends_the_children(autojump_clock: MockClock) -> None:
    children = Children()
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            Supervisor(nursery).start(children.spec(trio.sleep_forever, RestartType.PERMANENT))
            await wait_all_tasks_blocked()
            nursery.cancel_scope.cancel()
    assert (children.starts, children.crashes) == (1, [])


async def test_a_child_runs_in_the_context_of_its_supervisor_and_not_of_its_caller() -> None:
    variable = ContextVar("variable", default="nobody's")
    seen: list[str] = []

    async def look() -> None:
        seen.append(variable.get())
        variable.set("the child's")

    async def ask(supervisor: Supervisor, spec: ChildSpec) -> None:
        variable.set("the caller's")
        supervisor.start(spec)
        supervisor.start(spec)

    children = Children()
    with trio.fail_after(5):
        async with trio.open_nursery() as nursery:
            variable.set("the supervisor's")
            supervisor = Supervisor(nursery)
            nursery.start_soon(ask, supervisor, children.spec(look, RestartType.TEMPORARY))
    assert seen == ["the supervisor's"] * 2
    assert children.crashes == []


@pytest.mark.parametrize(("gap", "expected"), [(1.0, 5), (5.9, 5), (6.1, None)])
def test_the_counter_forgets_what_is_older_than_the_period(gap: float, expected: int | None) -> None:
    counter = RestartCounter(INTENSITY)
    allowed = [counter.may_restart(gap * i) for i in range(100)]
    assert (allowed.index(False) if False in allowed else None) == expected
