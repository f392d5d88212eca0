"""Each cause by which a bill differs from the one before, on the smallest bills that show it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.bill_causes import Cause
from billing.rules.bill_changes import Billed, Change, Standing, compare
from billing.rules.change_groups import gather

HERE = Standing(paid=frozenset({1, 2}))
NOBODY = Standing()


def a_line(
    item: str, amount_fen: int, *because: dict[str, Any], of: int = 1, usage: bool = False
) -> Billed:
    return Billed(
        line_id=0,
        subscription_id=of,
        item=item,
        amount_fen=amount_fen,
        because=because,
        is_usage=usage,
    )


def a_plan(fen: int, monthly_fen: int, *, plan: str = "P1", first: str = "full") -> Billed:
    return a_line("PLAN_FEE", fen, {"plan": plan, "monthly_fen": monthly_fen, "first_month": first})


def a_bundle(fen: int, *, tier: str = "106", scheme: str = "A", monthly_fen: int = 0) -> Billed:
    part = {"offering": "basic", "tier": tier, "scheme": scheme, "monthly_fen": monthly_fen or fen}
    return a_line("BUNDLE_FEE", fen, part)


def packs(*pairs: tuple[str, int]) -> Billed:
    part = {"packs": [{"pack": pack, "fen": fen} for pack, fen in pairs]}
    return a_line("PACK_FEE", sum(fen for _, fen in pairs), part)


def the_change(
    before: list[Billed], after: list[Billed], *, then: Standing = HERE, now: Standing = HERE
) -> Change:
    [change] = compare(before, after, then=then, now=now)
    return change


def standing(**sets: set[int]) -> Standing:
    return Standing(**{"paid": {1, 2}, **sets})


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ([a_plan(1000, 1000)], [a_plan(2000, 2000, plan="P2")], Cause.PLAN),
        ([a_plan(1000, 1000)], [a_plan(1200, 1200)], Cause.PRICE),
        ([a_plan(400, 1000, first="daily")], [a_plan(1000, 1000)], Cause.FIRST_MONTH_OVER),
        ([a_plan(500, 1000, first="half")], [a_plan(1000, 1000)], Cause.FIRST_MONTH_OVER),
        ([a_plan(1000, 1000)], [a_plan(400, 1000, first="daily")], Cause.PART_OF_MONTH),
        ([a_bundle(10600)], [a_bundle(15600, tier="156")], Cause.TIER),
        ([a_bundle(10600)], [a_bundle(9540, scheme="B", monthly_fen=10600)], Cause.TIER),
        ([a_bundle(10600)], [a_bundle(11600)], Cause.PRICE),
        ([], [a_bundle(10600)], Cause.BUNDLE_BEGAN),
        ([a_bundle(10600)], [], Cause.BUNDLE_ENDED),
        ([], [packs(("V50", 500))], Cause.PACKS),
        ([packs(("V50", 500))], [], Cause.PACKS),
        ([], [a_line("ONE_OFF_FEE", 10000)], Cause.ONE_OFF),
        ([a_line("ONE_OFF_FEE", 10000)], [], Cause.ONE_OFF),
        ([], [a_line("ADJUSTMENT", -300)], Cause.ADJUSTMENT),
        ([], [a_line("LATE_USAGE", 30, usage=True)], Cause.LATE_USAGE),
        ([], [a_line("LATE_FEE", 30)], Cause.LATE_FEE),
        ([a_line("SMS", 10, usage=True)], [a_line("SMS", 90, usage=True)], Cause.USAGE),
        ([], [a_line("DATA", 90, usage=True)], Cause.USAGE),
        ([a_line("DATA", 90, usage=True)], [], Cause.USAGE),
        ([], [a_plan(1000, 1000)], Cause.FEE),
    ],
)
def test_the_cause_of_a_change(before: list[Billed], after: list[Billed], cause: Cause) -> None:
    change = the_change(before, after)
    assert change.cause == cause
    assert change.difference_fen == sum(line.amount_fen for line in after) - sum(
        line.amount_fen for line in before
    )


def test_what_is_as_it_was_is_no_change() -> None:
    lines = [a_plan(1000, 1000), a_line("SMS", 30, usage=True)]
    assert compare(lines, lines, then=HERE, now=HERE) == []


def test_all_of_a_subscription_that_is_paid_anew_is_new() -> None:
    after = [a_plan(1000, 1000), a_line("SMS", 30, usage=True), a_line("ONE_OFF_FEE", 500)]
    causes = [change.cause for change in compare([], after, then=NOBODY, now=HERE)]
    assert causes == [Cause.NEW_LINE, Cause.NEW_LINE, Cause.ONE_OFF]


def test_all_of_a_subscription_that_is_paid_no_more_is_gone() -> None:
    before = [a_plan(1000, 1000), a_line("SMS", 30, usage=True)]
    causes = [change.cause for change in compare(before, [], then=HERE, now=NOBODY)]
    assert causes == [Cause.GONE_LINE, Cause.GONE_LINE]


def test_the_fee_of_a_bundle_begins_also_where_its_main_number_is_new() -> None:
    change = the_change([], [a_bundle(10600)], then=NOBODY)
    assert change.cause == Cause.BUNDLE_BEGAN


def test_a_hold_turns_the_plan_fee_into_the_hold_fee_and_back() -> None:
    plan, hold = [a_plan(1000, 1000)], [a_line("HOLD_FEE", 500)]
    begun = compare(plan, hold, then=HERE, now=HERE)
    ended = compare(hold, plan, then=HERE, now=HERE)
    assert {change.cause for change in begun} == {Cause.HOLD_BEGAN}
    assert {change.cause for change in ended} == {Cause.HOLD_ENDED}


def test_a_month_in_debt_stop_owes_no_fee() -> None:
    stopped = standing(stopped={1})
    assert the_change([a_plan(1000, 1000)], [], now=stopped).cause == Cause.STOPPED
    assert the_change([], [a_plan(1000, 1000)], then=stopped).cause == Cause.STOP_OVER
    assert the_change([a_bundle(10600)], [], now=stopped).cause == Cause.STOPPED


def test_a_bundle_covers_the_plan_fee_of_whoever_joins_it() -> None:
    covered = standing(covered={1})
    assert the_change([a_plan(1000, 1000)], [], now=covered).cause == Cause.JOINED_BUNDLE
    assert the_change([], [a_plan(1000, 1000)], then=covered).cause == Cause.LEFT_BUNDLE


def test_packs_that_came_went_and_changed_their_price() -> None:
    before = packs(("V50", 500), ("V50", 500), ("OLD", 300), ("NET", 900))
    after = packs(("V50", 500), ("V100", 800), ("NET", 1000))
    assert the_change([before], [after]).facts == {
        "added": [("V100", 800, 1)],
        "removed": [("V50", 500, 1), ("OLD", 300, 1)],
        "repriced": ["NET"],
    }


def test_reasons_gather_what_belongs_together_the_weightiest_first() -> None:
    then = Standing(paid={1, 2})
    now = standing(covered={2})
    before = [a_plan(1000, 1000), a_line("PLAN_FEE", 800, of=2), a_line("SMS", 10, usage=True)]
    after = [
        a_bundle(10600),
        a_plan(1200, 1200),
        a_line("SMS", 40, usage=True),
        a_line("DATA", 300, usage=True),
    ]
    groups = gather(compare(before, after, then=then, now=now))
    assert [(one.cause, one.subscription_id, one.difference_fen) for one in groups] == [
        (Cause.BUNDLE_BEGAN, None, 10600 - 800),
        (Cause.USAGE, 1, 330),
        (Cause.PRICE, 1, 200),
    ]


ITEMS = ("PLAN_FEE", "BUNDLE_FEE", "PACK_FEE", "HOLD_FEE", "SMS", "ONE_OFF_FEE", "ADJUSTMENT")
bills = st.dictionaries(
    st.tuples(st.integers(1, 3), st.sampled_from(ITEMS)), st.integers(-500, 500), max_size=12
).map(
    lambda rows: [
        a_line(item, fen, of=of, usage=item == "SMS") for (of, item), fen in rows.items() if fen
    ]
)
members = st.frozensets(st.integers(1, 3))
standings = st.builds(Standing, paid=members, covered=members, stopped=members)


@given(bills, bills, standings, standings)
def test_the_reasons_together_are_the_whole_difference(
    before: list[Billed], after: list[Billed], then: Standing, now: Standing
) -> None:
    changes = compare(before, after, then=then, now=now)
    groups = gather(changes)
    difference = sum(x.amount_fen for x in after) - sum(x.amount_fen for x in before)
    assert sum(one.difference_fen for one in groups) == difference
    assert sum(len(one.changes) for one in groups) == len(changes)
