"""The check of all exposures against their limits: kept for the list, told once a month and step.

An exposure stops nothing: only overdue debt does (CRD-1); who reached the limit is for a person.
"""

from datetime import datetime

from django.db import connection, transaction

from billing.models import Exposure, Reminder, ReminderStep
from billing.queries import asked
from billing.queries.exposure import exposure_terms
from billing.services import reminders
from bss.kernel.periods import Month, business_date
from customers.models import Customer

KEEP = """
INSERT INTO billing_exposure (
    account_id, limit_fen, limit_is_own, usage_fen, charges_fen, due_fen, balance_fen,
    exposure_fen, percent, checked_at
)
SELECT account_id, limit_fen, limit_is_own, usage_fen, charges_fen, due_fen, balance_fen,
    part.fen, least(part.fen * 100 / limit_fen, 32767), %(at)s
FROM ({exposure}) AS found
CROSS JOIN LATERAL (
    SELECT greatest(0, usage_fen + charges_fen + due_fen - balance_fen) AS fen
) AS part
WHERE part.fen > 0
ON CONFLICT (account_id) DO UPDATE SET (
    limit_fen, limit_is_own, usage_fen, charges_fen, due_fen, balance_fen,
    exposure_fen, percent, checked_at
) = ROW (
    excluded.limit_fen, excluded.limit_is_own, excluded.usage_fen, excluded.charges_fen,
    excluded.due_fen, excluded.balance_fen, excluded.exposure_fen, excluded.percent,
    excluded.checked_at
)
"""


@transaction.atomic
def warn(*, at: datetime) -> int:
    """Look at every account, and tell who passed a step that it was not told this month; how many.

    Of several steps that an account passed at once it is told the highest.
    """
    _keep(at=at)
    steps = list(
        ReminderStep.objects.filter(anchor=ReminderStep.Anchor.EXPOSURE, active=True)
        .exclude(percent=None)
        .order_by("-percent")
    )
    if not steps:
        return 0
    month = Month.of(at).first_day
    lowest = steps[-1].percent
    told = Reminder.objects.filter(step__in=steps, month=month)
    told_percent: dict[int, int] = {}
    for account_id, percent in told.values_list("account_id", "step__percent"):
        told_percent[account_id] = max(percent or 0, told_percent.get(account_id, 0))
    reached = Exposure.objects.filter(percent__gte=lowest).exclude(
        account__owner__listed=Customer.Listed.RED
    )
    fresh = []
    for account_id, percent, fen in reached.order_by("account_id").values_list(
        "account_id", "percent", "exposure_fen"
    ):
        step = next(one for one in steps if percent >= (one.percent or 0))
        if (step.percent or 0) > told_percent.get(account_id, -1):
            fresh.append(
                Reminder(
                    account_id=account_id,
                    step=step,
                    at=at,
                    planned_on=business_date(at),
                    due_fen=fen,
                    month=month,
                )
            )
    return reminders.warn(fresh)


def _keep(*, at: datetime) -> None:
    """The list of exposures as of now; who has none any more is not in it."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP.format(exposure=asked.statement("exposure")), exposure_terms(at))
    Exposure.objects.exclude(checked_at=at).delete()
