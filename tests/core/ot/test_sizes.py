"""The largest operations that are let in stay small work: results are bounded, nothing grows with the square."""

from nvserver.core.ot import MAX_COMPONENTS, Operation, Text, check, compose, invert, normalize, transform

HALF = MAX_COMPONENTS // 2
INSERTIONS: Operation = (1, "x") * HALF
DELETIONS: Operation = (1, -1) * HALF
WIDE: Operation = (2, "word 😀 ") * HALF
LARGE = (INSERTIONS, DELETIONS, WIDE)


def test_transforming_gives_no_more_components_than_went_in() -> None:
    for one in LARGE:
        for other in LARGE:
            for result in (transform(one, other, "left"), transform(one, other, "right")):
                check(result)
                assert len(result) <= len(one) + len(other)


def test_composing_gives_no_more_components_than_went_in() -> None:
    for one in LARGE:
        for other in LARGE:
            result = compose(one, other)
            check(result)
            assert len(result) <= len(one) + len(other)


def test_large_operations_apply_and_are_taken_back() -> None:
    text = Text.of("ab" * 500_000)
    for op in LARGE:
        inverse = invert(op, text)
        assert len(inverse) <= len(op)
        assert text.apply(op).apply(inverse) == text


def test_a_large_paste_is_one_component_that_others_pass_whole() -> None:
    paste = "x" * 1_000_000
    op: Operation = (5_000, paste)
    assert transform(op, DELETIONS, "right") == (2_500, paste)
    after = transform(op, INSERTIONS, "right")
    assert after == (10_000, paste)
    assert after[1] is paste
    assert len(compose(op, DELETIONS)) <= len(op) + len(DELETIONS)


def test_insertions_that_fall_together_are_joined_in_one_go() -> None:
    """All that stood between 5,000 insertions was deleted: what is left is one insertion."""
    spread: Operation = ("word", -1) * HALF
    assert transform(spread, (-HALF,), "right") == ("word" * HALF,)
    assert normalize(["a"] * 100_000) == ("a" * 100_000,)


def test_an_author_thousands_of_revisions_behind_arrives_at_the_right_place() -> None:
    op: Operation = (500, "x")
    for _ in range(10_000):
        op = transform(op, (3, "y"), "right")
    assert op == (10_500, "x")
