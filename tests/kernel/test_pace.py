import pytest

from bss.kernel.pace import Pace, Sample, pace_of


def samples(*pairs):
    return [Sample(at_s=at_s, done=done) for at_s, done in pairs]


@pytest.mark.parametrize("seen", [samples(), samples((0, 0)), samples((0, 0), (5, 1))])
def test_after_less_than_two_steps_nothing_is_said(seen):
    assert pace_of(seen, now_s=10, total=8) == Pace()


def test_the_rate_is_that_of_the_stretch_and_the_rest_follows_from_it():
    seen = samples((0, 0), (2, 100), (4, 200))
    assert pace_of(seen, now_s=4, total=1000) == Pace(per_second=50.0, left_s=16)


def test_a_standstill_slows_it_down():
    seen = samples((0, 0), (2, 100), (4, 200))
    assert pace_of(seen, now_s=20, total=1000) == Pace(per_second=10.0, left_s=80)


def test_what_was_before_the_stretch_does_not_count():
    seen = samples((100, 500), (101, 600), (102, 700))
    assert pace_of(seen, now_s=102, total=800) == Pace(per_second=100.0, left_s=1)


@pytest.mark.parametrize("total", [None, 150])
def test_without_a_true_total_no_remaining_time_is_said(total):
    seen = samples((0, 0), (2, 100), (4, 200))
    assert pace_of(seen, now_s=4, total=total) == Pace(per_second=50.0)


def test_where_nothing_moves_no_rate_is_said():
    assert pace_of(samples((0, 5), (2, 5), (4, 5)), now_s=9, total=8) == Pace()
