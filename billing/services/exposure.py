"""The check of all exposures against their limits: kept for the list, told once a month and step.

An exposure stops nothing: only overdue debt does (CRD-1); who reached the limit is for a person.
"""

from collections.abc import Sequence
from datetime import date, datetime

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
    told = _told(month, steps)
    reached = Exposure.objects.filter(percent__gte=steps[-1].percent).exclude(
        account__owner__listed=Customer.Listed.RED
    )
    fresh = []
    for row in reached.order_by("account_id"):
        step = next(one for one in steps if row.percent >= (one.percent or 0))
        if (step.percent or 0) > told.get(row.account_id, -1):
            fresh.append(
                Reminder(
                    account_id=row.account_id,
                    step=step,
                    at=at,
                    planned_on=business_date(at),
                    due_fen=row.exposure_fen,
                    month=month,
                )
            )
    return reminders.warn(fresh)


def _told(month: date, steps: Sequence[ReminderStep]) -> dict[int, int]:
    """Account → the highest percentage that it was told this month."""
    rows = Reminder.objects.filter(step__in=steps, month=month).order_by("step__percent")
    pairs = rows.values_list("account_id", "step__percent")
    return {account_id: percent or 0 for account_id, percent in pairs}


def _keep(*, at: datetime) -> None:
    """The list of exposures as of now; who has none any more is not in it."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP.format(exposure=asked.statement("exposure")), exposure_terms(at))
    Exposure.objects.exclude(checked_at=at).delete()
