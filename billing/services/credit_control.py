"""The daily credit run: pre-termination, the blacklist, and stops for debt (CRD, CAN-6)."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from billing.batch import sql
from billing.models import DebtStop
from billing.queries.locked import lock_credit_run
from bss.kernel import audit
from bss.kernel.periods import business_date, day_start
from customers.models import Customer, Subscription
from customers.services import subscriptions

DAYS_TO_PRE_TERMINATION = 90
BLACK = Customer.Listed.BLACK
ACTIVE = Subscription.State.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditReport:
    """How many subscriptions each part of the run moved."""

    pre_terminated: int
    blacklisted: int
    stopped: int


@transaction.atomic
def run(*, at: datetime) -> CreditReport:
    """The run of ``at``'s day; each part looks at the states that the one before left.

    A second run of the day finds what has changed since, and nothing else.
    Source: CRD-4, then CAN-6, then CRD-1 and CRD-3.
    Locks:  one run at a time; the subscriptions that it moves.
    """
    lock_credit_run()
    day = business_date(at)
    with audit.as_one(action="credit_run", subject=f"credit_run:{day}", at=at) as told:
        report = CreditReport(
            pre_terminated=_pre_terminate(at=at),
            blacklisted=_stop_blacklisted(at=at),
            stopped=_stop_for_debt(at=at),
        )
        told.update(asdict(report))
    return report


def _pre_terminate(*, at: datetime) -> int:
    """What has been in debt stop for 90 days or more, by the day. Source: CRD-4."""
    stopped_by = day_start(business_date(at) - timedelta(days=DAYS_TO_PRE_TERMINATION - 1))
    due = Subscription.objects.filter(
        state=Subscription.State.SUSPENDED,
        stop_reason=Subscription.StopReason.DEBT,
        suspended_at__lt=stopped_by,
    )
    ids = list(due.values_list("pk", flat=True))
    return len(subscriptions.pre_terminate(subscription_ids=ids, at=at)) if ids else 0


def _stop_blacklisted(*, at: datetime) -> int:
    """Every active subscription of a blacklisted owner, whoever pays for it. Source: CAN-6."""
    active = Subscription.objects.filter(state=ACTIVE, owner__listed=BLACK)
    ids = list(active.values_list("pk", flat=True))
    if not ids:
        return 0
    reason = Subscription.StopReason.BLACKLIST
    return len(subscriptions.suspend(subscription_ids=ids, reason=reason, at=at))


def _stop_for_debt(*, at: datetime) -> int:
    """Together, what overdue accounts stop; each stop remembers its accounts. Source: CRD-1."""
    causes = sql.run("debt_causes", {"on": business_date(at), "at": at})
    if not causes:
        return 0
    stopped = set(
        subscriptions.suspend(
            subscription_ids=sorted({subscription for subscription, _ in causes}),
            reason=Subscription.StopReason.DEBT,
            at=at,
        )
    )
    DebtStop.objects.bulk_create(
        [
            DebtStop(subscription_id=subscription, account_id=account, stopped_at=at)
            for subscription, account in causes
            if subscription in stopped
        ]
    )
    return len(stopped)
