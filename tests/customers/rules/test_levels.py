"""Which class a customer reaches. Source: S58-1, S58-2."""

from dataclasses import replace

import pytest

from customers.rules.levels import Level, is_automatic, level_of


def level(class_id, rank, *, fen=None, phones=None, fen_in=True, phones_in=True, automatic=True):
    return Level(
        class_id=class_id, rank=rank, monthly_fen=fen, monthly_included=fen_in, phones=phones,
        phones_included=phones_in, automatic=automatic,
    )  # fmt: skip


VIP = [
    level(11, 1, fen=300000, fen_in=False),
    level(12, 2, fen=150000),
    level(13, 3, fen=66600),
]
GROUP = [
    level(21, 1, phones=500, automatic=False),
    level(22, 2, phones=100, automatic=False),
    level(23, 3, phones=10, phones_in=False),
]


@pytest.mark.parametrize(
    ("billed_fen", "class_id"),
    [
        (900001, 11),
        (900000, 12),
        (450000, 12),
        (449999, 13),
        (199800, 13),
        (199799, None),
        (0, None),
    ],
)
def test_the_cards_go_by_the_average_of_three_months_to_the_fen(billed_fen, class_id):
    reached = level_of(VIP, billed_fen=billed_fen, months=3, phones=900)
    assert (reached.class_id if reached else None) == class_id


@pytest.mark.parametrize(
    ("phones", "class_id"),
    [(500, 21), (499, 22), (100, 22), (99, 23), (11, 23), (10, None)],
)
def test_groups_go_by_their_phones(phones, class_id):
    reached = level_of(GROUP, billed_fen=10**9, months=3, phones=phones)
    assert (reached.class_id if reached else None) == class_id


def test_either_threshold_is_enough():
    spending = [replace(GROUP[0], monthly_fen=1_000_000)]
    assert level_of(spending, billed_fen=3_000_000, months=3, phones=1) == spending[0]
    assert level_of(spending, billed_fen=2_999_999, months=3, phones=499) is None


def test_without_a_closed_month_nobody_has_a_card():
    assert level_of(VIP, billed_fen=10**9, months=0, phones=0) is None


@pytest.mark.parametrize(
    ("before", "after", "by_a_person", "automatic"),
    [
        (None, VIP[0], False, True),
        (VIP[0], None, False, True),
        (None, GROUP[0], False, False),
        (GROUP[0], GROUP[2], False, True),
        (GROUP[0], None, False, False),
        (VIP[0], VIP[1], True, False),
    ],
)
def test_the_level_entered_decides_and_leaving_all_the_level_left(
    before, after, by_a_person, automatic
):
    assert is_automatic(before=before, after=after, by_a_person=by_a_person) is automatic
