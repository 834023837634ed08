"""A set kept as ranges does what a set does."""

import random

from nvserver.core.number_set import NumberSet


def test_it_does_what_a_set_does(rng: random.Random) -> None:
    for _ in range(200):
        plain: set[int] = set()
        numbers = NumberSet()
        for _ in range(rng.randrange(1, 120)):
            number = rng.randrange(60)
            assert numbers.add(number) == (number not in plain)
            plain.add(number)
        assert numbers.ranges == sum(number - 1 not in plain for number in plain)


def test_numbers_that_come_nearly_in_order_take_little(rng: random.Random) -> None:
    numbers = NumberSet()
    order = sorted(range(10_000), key=lambda number: number + rng.random() * 8)
    assert all(numbers.add(number) for number in order)
    assert numbers.ranges == 1
