"""Whom a credit run would pre-terminate, stop and remind; it reads, and changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from billing.queries import asked
from billing.queries.promises import held_until
from billing.rules.endings import DAYS_TO_PRE_TERMINATION
from bss.kernel.periods import business_date, day_start


@dataclass(frozen=True, slots=True)
class StopCause:
    """An account whose debt stops a subscription. Not ``active``: this very run has stopped it."""

    subscription_id: int
    account_id: int
    active: bool


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """A step that is to be told of a bill. ``acts_on``: the day on which it takes effect."""

    account_id: int
    step_id: int
    planned_on: date
    acts_on: date
    bill_id: int
    due_fen: int


def stops(*, at: datetime, account_ids: Sequence[int] | None = None) -> list[StopCause]:
    """Of all accounts, or of these. Source: CRD-1, CRD-3, CAN-8."""
    on = business_date(at)
    return [StopCause(*row) for row in asked.rows("debt_causes", _terms(at, on, account_ids))]


def pre_terminations(*, at: datetime, of: Collection[int] | None = None) -> dict[int, list[int]]:
    """Subscription → the accounts that keep it stopped, none when nobody knows. Source: CRD-4."""
    stopped_before = day_start(business_date(at) - timedelta(days=DAYS_TO_PRE_TERMINATION - 1))
    rows = asked.rows(
        "pre_terminations_due",
        {"stopped_before": stopped_before, "subscriptions": None if of is None else list(of)},
    )
    found: dict[int, list[int]] = {}
    for subscription_id, account_id in rows:
        found.setdefault(subscription_id, []).extend([] if account_id is None else [account_id])
    return found


def reminders(*, at: datetime, account_ids: Sequence[int] | None = None) -> list[ReminderDue]:
    """In the order of accounts, steps and bills."""
    terms = _terms(at, business_date(at), account_ids) | {"stop_days": DAYS_TO_PRE_TERMINATION}
    return [ReminderDue(*row) for row in asked.rows("reminders_due", terms)]


def _terms(at: datetime, on: date, account_ids: Sequence[int] | None) -> dict[str, object]:
    return {
        "at": at,
        "on": on,
        "accounts": None if account_ids is None else list(account_ids),
        "spared": sorted(held_until(on=on)),
    }
