"""Debt stops end at once when none of the accounts that caused them is overdue (CRD-1)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, F, OuterRef

from billing.models import Bill, DebtStop
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
    overdue = Bill.objects.filter(
        account=OuterRef("account"), paid_fen__lt=F("total_fen"), due_on__lt=business_date(at)
    )
    held = stops.filter(Exists(overdue))
    free = sorted(
        set(stopped.values_list("subscription_id", flat=True))
        - set(
            held.filter(subscription__in=stopped.values("subscription_id")).values_list(
                "subscription_id", flat=True
            )
        )
    )
    if free:
        subscriptions.lift_stop(subscription_ids=free, at=at)
        stops.filter(subscription__in=free).update(lifted_at=at)
    return len(free)
