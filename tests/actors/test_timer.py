"""Many later calls in one task, on a simulated clock."""

import random

import trio
from trio.testing import MockClock

from nvserver.actors.timer import Timer, TimerHandle


async def test_calls_come_at_their_time_and_cancelled_ones_never(autojump_clock: MockClock, rng: random.Random) -> None:
    timer = Timer()
    fired: list[tuple[int, float]] = []
    due: dict[int, float] = {}
    handles: dict[int, TimerHandle] = {}
    async with trio.open_nursery() as nursery:
        nursery.start_soon(timer.run)
        for number in range(200):
            seconds = rng.choice([0.0, 1.0, rng.random() * 100])
            due[number] = trio.current_time() + seconds
            handles[number] = timer.call_later(seconds, lambda n=number: fired.append((n, trio.current_time())))
            if rng.random() < 0.3:
                await trio.sleep_until(trio.current_time() + rng.random())
        cancelled = {n for n in due if n not in {f for f, _ in fired} and rng.random() < 0.3}
        for number in cancelled:
            handles[number].cancel()
            handles[number].cancel()
        await trio.sleep_until(trio.current_time() + 101)
        nursery.cancel_scope.cancel()
    assert cancelled
    assert {n for n, _ in fired} == set(due) - cancelled
    assert len(fired) == len(due) - len(cancelled)
    for number, at in fired:
        assert at >= due[number]
        assert at - due[number] < 1e-6


async def test_calls_at_about_a_time_come_together_and_little_later(
    autojump_clock: MockClock, rng: random.Random
) -> None:
    timer = Timer()
    late: list[float] = []
    times: set[float] = set()

    def call(seconds: float) -> None:
        due = trio.current_time() + seconds

        def came() -> None:
            late.append(trio.current_time() - due)
            times.add(trio.current_time())

        timer.call_about(seconds, came)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(timer.run)
        for _ in range(1_000):
            call(1 + rng.random())
        await trio.sleep(3)
        nursery.cancel_scope.cancel()
    assert len(late) == 1_000
    assert all(-1e-6 <= by < 1 / 16 + 1e-6 for by in late)
    assert len(times) <= 17


async def test_what_is_due_soon_comes_in_time(autojump_clock: MockClock) -> None:
    timer = Timer()
    late: list[float] = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(timer.run)
        for seconds in (0.01, 0.2, 0.3, 0.99):
            due = trio.current_time() + seconds
            timer.call_about(seconds, lambda due=due: late.append(trio.current_time() - due))  # type: ignore[misc]
        await trio.sleep(3)
        nursery.cancel_scope.cancel()
    assert len(late) == 4
    assert all(abs(by) < 1e-6 for by in late)


async def test_a_callback_may_set_the_next(autojump_clock: MockClock) -> None:
    timer = Timer()
    times: list[float] = []
    start = trio.current_time()

    def again() -> None:
        times.append(round(trio.current_time() - start, 6))
        if len(times) < 5:
            timer.call_later(2, again)

    timer.call_later(2, again)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(timer.run)
        await trio.sleep_until(start + 20)
        nursery.cancel_scope.cancel()
    assert times == [2, 4, 6, 8, 10]


async def test_a_call_that_fails_ends_no_other(autojump_clock: MockClock) -> None:
    timer = Timer()
    fired: list[str] = []

    def fail() -> None:
        raise RuntimeError("planted")

    timer.call_later(1, fail)
    timer.call_later(1, lambda: fired.append("same time"))
    timer.call_later(2, lambda: fired.append("later"))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(timer.run)
        await trio.sleep(3)
        nursery.cancel_scope.cancel()
    assert fired == ["same time", "later"]
