"""The nightly points: billing says what was paid to the end, customers what that earns."""

from datetime import datetime

from billing.queries.paid_bills import paid_bills
from bss.kernel.periods import Month
from customers.batch.points import LOT, PaidBill, earn, expire
from customers.models import PointsRate

LOOKED_BACK_MONTHS = 12
"""A bill that is paid later than that earns nothing."""


def keep_points(*, at: datetime) -> None:
    """Points for what was paid since, each bill once; what ran out is taken off."""
    first = PointsRate.objects.order_by("valid_from").first()
    if first is None:
        return
    since = max(first.valid_from, Month.of(at).plus(-LOOKED_BACK_MONTHS).first_day)
    for rows in paid_bills(since=since, lot=LOT):
        earn(
            [
                PaidBill(bill_id=bill, customer_id=owner, month=Month.of(month), paid_fen=fen)
                for bill, owner, month, fen in rows
            ],
            at=at,
        )
    expire(at=at)
