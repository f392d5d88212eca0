"""Debt stops end at once when none of the accounts that caused them is overdue (CRD-1)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef

from billing.models import Bill, DebtStop, ReminderStep
from billing.services import reminders
from bss.kernel.periods import business_date
from customers.models import Subscription
from customers.services import subscriptions


def lift_paid(*, account_ids: Collection[int], at: datetime) -> int:
    """Resume together what these accounts' debts had stopped and nothing keeps stopped.

    A stop remembers its accounts: what else became overdue since does not keep it.
    Source: CRD-1, CRD-3.
    """
    stops = DebtStop.objects.filter(lifted_at__isnull=True)
    stopped = stops.filter(
        account__in=account_ids,
        subscription__state=Subscription.State.SUSPENDED,
        subscription__stop_reason=Subscription.StopReason.DEBT,
    )
    ids = set(stopped.values_list("subscription_id", flat=True))
    if not ids:
        return 0
    overdue = Bill.objects.filter(
        account=OuterRef("account"), paid_fen__lt=F("total_fen"), due_on__lt=business_date(at)
    )
    held = stops.filter(Exists(overdue), subscription__in=ids)
    free = sorted(ids - set(held.values_list("subscription_id", flat=True)))
    if free:
        _lift(free, at=at)
    return len(free)


def _lift(subscription_ids: list[int], *, at: datetime) -> None:
    """Not before they were stopped: a payment may have waited for the run that stopped them."""
    stops = DebtStop.objects.filter(lifted_at__isnull=True, subscription__in=subscription_ids)
    accounts = set(stops.values_list("account_id", flat=True))
    last = stops.aggregate(last=Max("stopped_at"))["last"]
    lifted_at = max(at, last)
    resumed = subscriptions.lift_stop(subscription_ids=subscription_ids, at=lifted_at)
    stops.update(lifted_at=lifted_at)
    if resumed:
        reminders.tell(ReminderStep.Anchor.RESUMED, account_ids=accounts, at=lifted_at)
