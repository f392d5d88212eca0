from hypothesis import given
from hypothesis import strategies as st

from billing.rules.spans import shared, without

SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda one: (one[0], sum(one))),
    max_size=5,
)


def numbers(spans):
    return {number for first, last in spans for number in range(first, last + 1)}


def test_a_part_in_the_middle_leaves_two():
    assert without([(5, 9)], [(7, 7)]) == [(5, 6), (8, 9)]
    assert shared([(5, 9)], [(1, 5), (8, 20)]) == [(5, 5), (8, 9)]


@given(SPANS, SPANS)
def test_what_is_left_and_what_is_shared_are_all_of_it(spans, others):
    assert numbers(without(spans, others)) == numbers(spans) - numbers(others)
    assert numbers(shared(spans, others)) == numbers(spans) & numbers(others)
