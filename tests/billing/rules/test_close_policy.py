"""What a person must look at before a month is billed."""

from dataclasses import replace

import pytest

from billing.rules.close_policy import COUNTED, Bounds, Found, ItemSum, beyond

CALM = Found(
    bills=1000,
    total_fen=100_000_00,
    before_bills=1000,
    before_fen=100_000_00,
    items=[
        ItemSum(item="PLAN_FEE", label="单产品月费", fen=90_000_00, before_fen=90_000_00),
        ItemSum(item="SMS", label="短信费", fen=1_000_00, before_fen=1_000_00),
        ItemSum(item="DATA", label="数据流量费", fen=9_000_00, before_fen=9_000_00),
    ],
    counts=dict.fromkeys(COUNTED, 0),
)


def told(found, **bounds):
    return [str(sentence) for sentence in beyond(found, Bounds(**bounds))]


def test_a_month_like_the_last_approves_itself():
    assert told(CALM) == []


@pytest.mark.parametrize(("fen", "count"), [(13_000_000, 0), (13_000_001, 1), (7_000_000, 0)])
def test_the_total_may_move_by_so_much_and_no_fen_more(fen, count):
    assert len(told(replace(CALM, total_fen=fen))) == count


def test_the_sentence_has_both_sums_and_the_bound():
    assert told(replace(CALM, total_fen=60_000_00)) == [
        "帐单合计比上月少 40%(100000.00 元 → 60000.00 元)，超过 30%。"
    ]


def test_an_item_counts_when_it_weighs_something():
    light = ItemSum(item="SMS", label="短信费", fen=1_999_00, before_fen=1_000_00)
    heavy = ItemSum(item="DATA", label="数据流量费", fen=0, before_fen=9_000_00)
    assert told(replace(CALM, items=[light])) == []
    assert told(replace(CALM, items=[heavy])) == [
        "数据流量费比上月少 100%(9000.00 元 → 0.00 元)，超过 50%。"
    ]


def test_odd_things_are_counted_against_the_bills():
    counts = CALM.counts | {"uncharged": 5, "negative": 6}
    assert told(replace(CALM, counts=counts)) == []
    assert told(replace(CALM, counts=counts), few=0) == ["负数帐单 6 个，超过帐单数的 5‰。"]
    assert told(replace(CALM, counts=counts), few=0, count_per_mille=4) == [
        "负数帐单 6 个，超过帐单数的 4‰。",
        "在用而没有任何费用的用户 5 个，超过帐单数的 4‰。",
    ]


def test_a_young_house_is_not_compared_with_its_last_month():
    assert told(replace(CALM, before_bills=99, before_fen=1)) == []
