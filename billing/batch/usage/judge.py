"""The verdict on each record: accepted, or the first reason that fits. Source: RAT-15."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from billing.batch.usage.columns import Shaped
from billing.batch.usage.directory import Held
from billing.batch.usage.found import NOWHERE
from billing.batch.usage.words import Ints, months_of_moments
from billing.models import ClosedMonth
from billing.rules.usage_record import REJECT_REASONS

ACCEPTED = 0
MALFORMED, DUPLICATE, UNKNOWN_NUMBER, NOT_ACTIVE, CLOSED_MONTH, NO_TARIFF = range(
    1, len(REJECT_REASONS) + 1
)
"""A reason's number is its place in REJECT_REASONS, after ACCEPTED."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which months are closed, and the one whose records still come late; as ``words`` counts."""

    closed: Collection[int]
    late: int
    now: int


@dataclass(slots=True)
class Verdict:
    """``reason`` by record; of accepted ones the caller's subscription and home area, the month."""

    reason: NDArray[np.int8]
    subscription: Ints
    area_value: Ints
    area_digits: Ints
    month: Ints


def calendar_of(at: datetime) -> Calendar:
    from billing.batch.usage.store import index_of_month
    from bss.kernel.periods import Month

    closed = ClosedMonth.objects.values_list("month", flat=True)
    now = index_of_month(Month.of(at))
    return Calendar(
        closed=frozenset(index_of_month(Month.of(day)) for day in closed), late=now - 1, now=now
    )


def judge(records: Shaped, *, callers: Held, reached: Held, calendar: Calendar) -> Verdict:
    """All reasons but duplicate, which wants the whole file, and no_tariff, which wants prices."""
    span, _ = callers.find(records.service_code, records.start_us)
    is_known = reached.places.find(records.service_code) != NOWHERE
    month = months_of_moments(records.end_us)
    is_closed = np.isin(month, list(calendar.closed)) & (month != calendar.late)
    reason = np.select(
        [records.is_malformed, ~is_known, span == NOWHERE, is_closed],
        [MALFORMED, UNKNOWN_NUMBER, NOT_ACTIVE, CLOSED_MONTH],
        ACCEPTED,
    ).astype(np.int8)
    if not len(callers.subscription):
        nothing = np.zeros(len(records), np.int64)
        return Verdict(reason, nothing, nothing, nothing, month)
    at = np.maximum(span, 0)
    return Verdict(
        reason=reason,
        subscription=callers.subscription[at],
        area_value=callers.area_value[at],
        area_digits=callers.area_digits[at],
        month=month,
    )
