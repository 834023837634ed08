"""The busier a node is, the longer its rounds, up to a bound; after a rest the first is taken at once."""

import itertools

import trio
from trio.testing import MockClock

from nvserver.edge.pace import Pace


class Cpu:
    """The CPU time that the process has used."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def begins(pace: Pace, cpu: Cpu, costs: list[float]) -> list[float]:
    """When rounds begin that cost so much CPU each, and whose next begins as soon as it may."""
    found = []
    for cost in costs:
        await pace.wait()
        pace.begin()
        found.append(trio.current_time())
        cpu.seconds += cost
    return found


async def test_a_round_is_followed_by_a_rest_in_proportion_to_what_the_one_before_it_cost(
    autojump_clock: MockClock,
) -> None:
    cpu = Cpu()
    pace = Pace(rest_factor=10, longest_seconds=0.016, cpu_seconds=cpu)
    at = await begins(pace, cpu, [0.0002, 0.0002, 0.0008, 0.5, 0.0004, 0.0])
    rests = [round(later - earlier, 6) for earlier, later in itertools.pairwise(at)]
    assert rests == [0.0, 0.002, 0.002, 0.008, 0.016]


async def test_after_a_pause_the_next_round_begins_at_once(autojump_clock: MockClock) -> None:
    cpu = Cpu()
    pace = Pace(rest_factor=10, longest_seconds=0.016, cpu_seconds=cpu)
    await begins(pace, cpu, [0.001, 0.001])
    await trio.sleep(1)
    now = trio.current_time()
    assert not await pace.wait()
    assert trio.current_time() == now


async def test_without_a_bound_there_is_no_rest(autojump_clock: MockClock) -> None:
    cpu = Cpu()
    began = trio.current_time()
    assert await begins(Pace(10, 0, cpu), cpu, [1.0] * 5) == [began] * 5
