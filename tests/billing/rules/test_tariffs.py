"""The golden table of blocks: what F/S increments cost, to the second (RAT-13)."""

import pytest

from billing.rules.tariffs import BlockPrice, price_blocks


@pytest.mark.parametrize(
    ("increments", "duration_s", "hao"),
    [
        # 30/6: the first 30 seconds 300, every started 6 seconds 60
        ((30, 300, 6, 60), 0, 0),
        ((30, 300, 6, 60), 1, 300),
        ((30, 300, 6, 60), 30, 300),
        ((30, 300, 6, 60), 31, 360),
        ((30, 300, 6, 60), 36, 360),
        ((30, 300, 6, 60), 37, 420),
        ((30, 300, 6, 60), 60, 600),
        # 60/60
        ((60, 4000, 60, 4000), 1, 4000),
        ((60, 4000, 60, 4000), 60, 4000),
        ((60, 4000, 60, 4000), 61, 8000),
        ((60, 4000, 60, 4000), 120, 8000),
        ((60, 4000, 60, 4000), 3600, 240_000),
        # 6/6
        ((6, 700, 6, 700), 6, 700),
        ((6, 700, 6, 700), 7, 1400),
        ((6, 700, 6, 700), 60, 7000),
        ((6, 700, 6, 700), 61, 7700),
        # 180/60: the fixed line's first three minutes
        ((180, 2200, 60, 1100), 180, 2200),
        ((180, 2200, 60, 1100), 181, 3300),
        ((180, 2200, 60, 1100), 240, 3300),
        # per minute, in full: 60 s at 0.05 is 0.05, never 0.0498
        ((60, 500, 60, 500), 60, 500),
    ],
)
def test_a_call_costs_its_first_block_and_every_started_one_after_it(increments, duration_s, hao):
    first_s, first_hao, next_s, next_hao = increments
    price = BlockPrice(first_s=first_s, first_hao=first_hao, next_s=next_s, next_hao=next_hao)

    assert price_blocks(price, duration_s=duration_s) == hao


@pytest.mark.parametrize(
    ("duration_s", "covered_minutes", "hao"),
    [(130, 2, 2200), (120, 2, 0), (61, 2, 0), (430, 2, 5500), (430, 0, 7700)],
)
def test_what_an_allowance_leaves_is_priced_as_a_call_of_its_own(duration_s, covered_minutes, hao):
    price = BlockPrice(first_s=180, first_hao=2200, next_s=60, next_hao=1100)

    assert price_blocks(price, duration_s=duration_s, covered_minutes=covered_minutes) == hao


def test_a_block_of_no_seconds_is_refused():
    with pytest.raises(ValueError, match="at least one second"):
        BlockPrice(first_s=0, first_hao=1, next_s=6, next_hao=1)
