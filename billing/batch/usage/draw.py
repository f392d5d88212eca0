"""What the allowances give each record, and what the rest costs: ``billing.rules.drawing``.

All records of one group of allowances are served one after another, so that what was asked before
a record is a running sum that starts anew with each group.
Source: RAT-2, RAT-8 … RAT-10, RAT-12 … RAT-14, RAT-16.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billing.batch.usage import ways
from billing.batch.usage.ask import Asked
from billing.batch.usage.columns import Columns
from billing.batch.usage.found import NOWHERE
from billing.batch.usage.terms import UNLIMITED, MonthTerms
from billing.batch.usage.words import Ints
from billing.rules.charging import Draws, Price

GROUPS = 8
"""A group is its owner's id times this, and its kind: four allowances need less."""
SECOND_BITS = 22
"""They hold every second of a month."""


@dataclass(slots=True)
class Drawn(Columns):
    """What each record drew and costs. ``..._before`` is what was drawn when its turn came."""

    group: Ints
    vpn_before: Ints
    vpn_minutes: Ints
    draw_before: Ints
    drawn_units: Ints
    amount_hao: Ints


@dataclass(slots=True)
class Balance(Columns):
    """What was asked of a group's allowances, what they gave, and the last record's end."""

    group: Ints
    last_us: Ints
    vpn_asked: Ints
    vpn_drawn: Ints
    asked: Ints
    drawn: Ints


def groups_of(asked: Asked, month: MonthTerms) -> Ints:
    """The group whose allowances each record draws on; 0 for none."""
    kind = ways.GROUP[asked.way].astype(np.int64)
    callers = month.callers
    owner = np.where(
        kind == ways.BUNDLE_GROUP, callers.bundle[asked.caller], callers.subscription[asked.caller]
    )
    return np.where(kind == ways.NO_GROUP, 0, owner * GROUPS + kind)


def served_in_order(
    group: Ints, end_us: Ints, *, month_start_us: int, ids_of: Callable[[Ints], list[str]]
) -> Ints:
    """The rows by group, end and, where these are the same, record id. Source: RAT-2."""
    key = (group << SECOND_BITS) | ((end_us - month_start_us) // 1_000_000)
    order = np.argsort(key)
    in_order = key[order]
    tied = np.flatnonzero((in_order[1:] == in_order[:-1]) & (in_order[1:] >= 1 << SECOND_BITS))
    if len(tied):
        _settle_ties(order, tied, end_us, ids_of)
    return order


def served_as_they_came(group: Ints) -> Ints:
    """The rows by group, else in their own order: late usage. Source: RAT-14, ADR 0005."""
    return np.argsort(group, kind="stable")


def draw(
    asked: Asked, *, group: Ints, order: Ints, month: MonthTerms, before: Balance
) -> tuple[Drawn, Balance]:
    """Serve the records in ``order`` after what ``before`` says; give the balances afterwards.

    ``before`` is sorted by group.
    """
    sorted_group = group[order]
    starts = np.flatnonzero(np.concatenate(([True], np.diff(sorted_group) != 0)))[: len(order)]
    length = np.diff(np.append(starts, len(order)))
    own = sorted_group[starts]
    at = np.searchsorted(before.group, own)
    has_before = at < len(before)
    has_before[has_before] = before.group[at[has_before]] == own[has_before]
    at = np.where(has_before, at, 0)

    def carried(column: Ints) -> Ints:
        return np.where(has_before, column[at], 0) if len(before) else np.zeros(len(own), np.int64)

    served = asked.pick(order)
    callers = month.callers
    vpn, kind = ways.VPN[served.way], ways.DRAW[served.way]
    vpn_limit = np.where(
        vpn == Draws.OWN_VPN, month.vpn_3g_minutes, callers.vpn_minutes[served.caller]
    )
    vpn_asked = np.where(vpn > 0, served.quantity, 0)
    vpn_before = _before(vpn_asked, starts, length, carried(before.vpn_asked))
    vpn_minutes = np.where(
        vpn_limit == UNLIMITED,
        vpn_asked,
        np.minimum(vpn_asked, np.maximum(vpn_limit - vpn_before, 0)),
    )
    limit = _limits(served, kind, month)
    units_asked = np.where(kind > 0, served.quantity - vpn_minutes, 0)
    draw_before = _before(units_asked, starts, length, carried(before.asked))
    drawn = np.minimum(units_asked, np.maximum(limit - draw_before, 0))

    result = Drawn(
        group=sorted_group,
        vpn_before=np.where(
            vpn == 0,
            0,
            np.where(vpn_limit == UNLIMITED, vpn_before, np.minimum(vpn_before, vpn_limit)),
        ),
        vpn_minutes=vpn_minutes,
        draw_before=np.where(kind == 0, 0, np.minimum(draw_before, limit)),
        drawn_units=drawn,
        amount_hao=_amounts(served, vpn_minutes + drawn, month),
    )
    if not len(order):
        return result, before
    last = np.maximum.reduceat(served.end_us, starts)
    after = Balance(
        group=own,
        last_us=np.where(has_before, np.maximum(carried(before.last_us), last), last),
        vpn_asked=carried(before.vpn_asked) + np.add.reduceat(vpn_asked, starts),
        vpn_drawn=carried(before.vpn_drawn) + np.add.reduceat(vpn_minutes, starts),
        asked=carried(before.asked) + np.add.reduceat(units_asked, starts),
        drawn=carried(before.drawn) + np.add.reduceat(drawn, starts),
    )
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return result.pick(back), after.pick(own > 0)


def _limits(served: Asked, kind: NDArray[np.int8], month: MonthTerms) -> Ints:
    callers = month.callers
    return np.select(
        [kind == Draws.POOL, kind == Draws.MINUTES, kind == Draws.TEXTS, kind == Draws.VOLUME],
        [
            callers.pool_minutes[served.caller],
            callers.minutes[served.caller],
            callers.sms[served.caller],
            callers.data_kb[served.caller],
        ],
        0,
    )


def _before(units: Ints, starts: Ints, length: Ints, carried: Ints) -> Ints:
    """What was asked before each row since its group began, and what the group brought along."""
    total = np.cumsum(units)
    before = total - units
    return before - np.repeat(before[starts] - carried, length)


def _amounts(served: Asked, covered: Ints, month: MonthTerms) -> Ints:
    """Source: RAT-13; the rest is a call of its own."""
    prices, way = month.prices, served.way
    price = ways.PRICE[way]
    amount = np.where(price == Price.OVERFLOW, (served.quantity - covered) * month.overflow_hao, 0)
    unit = np.flatnonzero(price == Price.UNIT)
    amount[unit] = (served.quantity[unit] - covered[unit]) * prices.first_hao[served.rate[unit]]
    block = np.flatnonzero(price == Price.BLOCKS)
    amount[block] = _blocks(
        served.rate[block], served.duration_s[block] - 60 * covered[block], month
    )
    extra = np.flatnonzero(served.surcharge != NOWHERE)
    amount[extra] += _blocks(served.surcharge[extra], served.duration_s[extra], month)
    return amount


def _blocks(rate: NDArray[np.int32], rest_s: Ints, month: MonthTerms) -> Ints:
    prices = month.prices
    further = -(-(rest_s - prices.first_s[rate]) // prices.next_s[rate])
    amount = prices.first_hao[rate] + np.maximum(further, 0) * prices.next_hao[rate]
    return np.where(rest_s > 0, amount, 0)


def _settle_ties(
    order: Ints, tied: Ints, end_us: Ints, ids_of: Callable[[Ints], list[str]]
) -> None:
    """Order by moment and record id the rows of a group that end in the same second."""
    breaks = np.flatnonzero(np.diff(tied) != 1)
    firsts, lasts = tied[np.append(0, breaks + 1)], tied[np.append(breaks, -1)]
    for first, last in zip(firsts, lasts, strict=True):
        rows = order[first : last + 2]
        places = list(zip(end_us[rows].tolist(), ids_of(rows), strict=True))
        order[first : last + 2] = rows[sorted(range(len(rows)), key=places.__getitem__)]
