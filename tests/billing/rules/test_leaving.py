"""Signs of leaving at both sides of each limit."""

import pytest

from billing.rules.leaving import LIMITS, MOST, Facts, Risk, Sign, risk_of, signs


def found(limits=LIMITS, *, minutes=(400, 400, 400), beyond=(0, 0, 0), **more):
    facts = Facts(minutes=minutes, overflow_minutes=beyond, **more)
    return {one.sign: dict(one.figures) for one in signs(facts, limits=limits)}


def test_nobody_without_a_sign_may_leave():
    assert found() == {}
    assert risk_of(()) is Risk.NONE


@pytest.mark.parametrize(
    ("minutes", "is_sign"),
    [
        ((1000, 900, 700), False),  # by just 30 %
        ((1000, 900, 699), True),
        ((1000, 100, 1000), False),
        ((99, 50, 0), False),  # too few to fall
        ((100, 50, 0), True),
        ((1000, 500), False),  # not three months
    ],
)
def test_usage_falls_by_more_than_the_limit_from_the_first_month_to_the_third(minutes, is_sign):
    assert (Sign.USAGE_FALLS in found(minutes=minutes)) is is_sign


@pytest.mark.parametrize(
    ("beyond", "is_sign"), [((0, 5, 0), False), ((1, 0, 1), True), ((1, 1, 1), True)]
)
def test_the_shared_minutes_are_exceeded_often(beyond, is_sign):
    assert (Sign.OVERFLOWS in found(beyond=beyond)) is is_sign


@pytest.mark.parametrize(
    ("more", "sign", "figures"),
    [
        ({"complaints": 1}, Sign.COMPLAINS, {"count": 1, "days": 90}),
        ({"term_days_left": 60}, Sign.TERM_ENDS, {"days": 60}),
        ({"term_days_left": 0}, Sign.TERM_ENDS, {"days": 0}),
        ({"overdue_fen": 100}, Sign.OWES, {"fen": 100}),
    ],
)
def test_what_reaches_a_limit_is_a_sign_with_its_figures(more, sign, figures):
    assert found(**more) == {sign: figures}


@pytest.mark.parametrize("more", [{"term_days_left": 61}, {"overdue_fen": 99}, {}])
def test_what_stays_below_is_none(more):
    assert found(**more) == {}


@pytest.mark.parametrize("sign", list(Sign))
def test_a_limit_of_nothing_puts_a_sign_out_of_use(sign):
    everything = {
        "minutes": (1000, 500, 1), "beyond": (1, 1, 1), "complaints": 3, "term_days_left": 1,
        "overdue_fen": 9_999,
    }  # fmt: skip
    assert set(found({**LIMITS, sign: 0}, **everything)) == set(Sign) - {sign}


def test_one_sign_is_watched_two_and_more_are_high():
    one, two = signs(
        Facts(minutes=(), overflow_minutes=(), complaints=1, overdue_fen=500), limits=LIMITS
    )
    assert risk_of([one]) is Risk.WATCH
    assert risk_of([one, two]) is Risk.HIGH
    assert risk_of([one, two, two]) is Risk.HIGH


def test_every_limit_stands_within_its_bounds():
    assert LIMITS.keys() == MOST.keys()
    assert all(0 < value <= MOST[code] for code, value in LIMITS.items())
