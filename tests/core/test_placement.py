"""Placement: what must hold for any nodes and loads."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from nvserver.core.placement import POLICIES, Candidate, Rebalance, surplus

ids = st.text("abcdefgh0123456789", min_size=1, max_size=8)
nodes = st.dictionaries(ids, st.integers(0, 1000), min_size=1, max_size=12).map(
    lambda loads: [Candidate(node_id, load) for node_id, load in loads.items()]
)
policies = st.sampled_from(sorted(POLICIES))


@given(policies, ids, nodes, ids)
def test_a_live_node_is_chosen_whatever_the_order(policy: str, key: str, known: list[Candidate], here: str) -> None:
    chosen = POLICIES[policy](key, known, here)
    assert chosen in known
    assert POLICIES[policy](key, known[::-1], here) == chosen


@given(ids, nodes)
def test_a_node_that_goes_moves_only_what_it_had(key: str, known: list[Candidate]) -> None:
    chosen = POLICIES["rendezvous"](key, known, "")
    for gone in known:
        left = [node for node in known if node != gone]
        if left and gone != chosen:
            assert POLICIES["rendezvous"](key, left, "") == chosen


@given(st.integers(2, 8), st.integers(50, 300), st.integers(0, 2**32))
def test_loads_stay_within_the_bound(count: int, workspaces: int, salt: int) -> None:
    loads: Counter[str] = Counter()
    names = [f"node {salt} {number}" for number in range(count)]
    for number in range(workspaces):
        known = [Candidate(name, loads[name]) for name in names]
        loads[POLICIES["bounded"](f"workspace {salt} {number}", known, "").node_id] += 1
    assert max(loads.values()) <= workspaces / count * 1.1 + 1
    assert sum(loads.values()) == workspaces


def test_here_is_chosen_only_if_it_takes_workspaces() -> None:
    known = [Candidate("a", 50), Candidate("b", 0)]
    assert POLICIES["here"]("w", known, "a").node_id == "a"
    assert POLICIES["here"]("w", known, "draining").node_id == "b"


@given(st.lists(st.integers(0, 200), min_size=2, max_size=8))
def test_rebalancing_comes_to_rest(loads: list[int]) -> None:
    """Each gives to the emptiest until nobody gives; then nobody starts again."""
    giving = [False] * len(loads)
    for _ in range(sum(loads) + 1):
        known = [Candidate(str(place), load) for place, load in enumerate(loads)]
        gifts = [surplus(str(p), known, Rebalance(), is_giving=giving[p]) for p in range(len(loads))]
        giving = [gift > 0 for gift in gifts]
        if not any(giving):
            break
        giver = gifts.index(max(gifts))
        loads[giver] -= 1
        loads[loads.index(min(loads))] += 1
    else:
        raise AssertionError(f"it never comes to rest: {loads}")
    mean = sum(loads) / len(loads)
    assert max(loads) <= max(mean * 1.25, mean + 2)


def test_a_small_sway_moves_nothing() -> None:
    known = [Candidate("a", 54), Candidate("b", 46)]
    assert surplus("a", known, Rebalance(), is_giving=False) == 0
    assert surplus("a", known, Rebalance(), is_giving=True) == 4
    assert surplus("a", [Candidate("a", 100), Candidate("b", 0)], Rebalance(), is_giving=False) == 50
    assert surplus("a", [Candidate("a", 100)], Rebalance(), is_giving=False) == 0
