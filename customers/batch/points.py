"""Writing points for many customers at once: what was paid, and what ran out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, Sum

from bss.kernel import audit
from bss.kernel.periods import Month, business_date
from customers.models import Customer, PointsEntry, PointsRate
from customers.rules.points import points_of, run_out

LOT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidBill:
    """A bill that was paid to the end. Units: fen."""

    bill_id: int
    customer_id: int
    month: Month
    paid_fen: int


@transaction.atomic
def earn(bills: Sequence[PaidBill], *, at: datetime) -> int:
    """Points for each bill, once; how many. Locks: the customers."""
    rates = list(PointsRate.objects.order_by("valid_from"))
    known = set(
        PointsEntry.objects.filter(bill_id__in=[one.bill_id for one in bills]).values_list(
            "bill_id", flat=True
        )
    )
    wanted = [
        (one.customer_id, points, {"bill_id": one.bill_id, "expires_on": until})
        for one in bills
        if one.bill_id not in known
        for points, until in [_earned(one, rates)]
        if points
    ]
    with audit.as_one(action="points.earn", subject="customers:points", at=at) as told:
        written = write(wanted, kind=PointsEntry.Kind.EARNED, at=at)
        told |= {"bills": len(wanted), "points": sum(points for _, points, _ in wanted)}
    return written


@transaction.atomic
def expire(*, at: datetime) -> int:
    """What ran out before today, the oldest points first; of how many customers. Locks: these."""
    today = business_date(at)
    sums = (
        PointsEntry.objects.order_by()
        .values("customer")
        .annotate(
            over=Sum("points", filter=Q(points__gt=0, expires_on__lt=today)),
            used=Sum("points", filter=Q(points__lt=0)),
        )
        .filter(over__gt=0)
    )
    lost: list[tuple[int, int, dict[str, object]]] = [
        (row["customer"], -gone, {})
        for row in sums
        if (gone := run_out(earned_until_now=row["over"], used=-(row["used"] or 0)))
    ]
    with audit.as_one(action="points.expire", subject="customers:points", at=at) as told:
        written = write(lost, kind=PointsEntry.Kind.EXPIRED, at=at)
        told |= {"customers": len(lost), "points": -sum(points for _, points, _ in lost)}
    return written


def write(
    wanted: Iterable[tuple[int, int, Mapping[str, object]]], *, kind: str, at: datetime
) -> int:
    """(customer, points, more columns) in the order given, each after the customer's last entry.

    Locks: the customers, in the order of their keys.
    """
    rows = list(wanted)
    keys = {key for key, _, _ in rows}
    locked = Customer.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys)
    list(locked.order_by("pk").values_list("pk", flat=True))
    last = PointsEntry.objects.filter(customer__in=keys).order_by("customer", "-number")
    stand = {
        key: (number, balance)
        for key, number, balance in last.distinct("customer").values_list(
            "customer", "number", "balance"
        )
    }
    entries = []
    for key, points, more in rows:
        number, balance = stand.get(key, (0, 0))
        stand[key] = (number + 1, balance + points)
        entries.append(
            PointsEntry(
                customer_id=key,
                number=number + 1,
                kind=kind,
                points=points,
                balance=balance + points,
                at=at,
                **more,
            )
        )
    PointsEntry.objects.bulk_create(entries, batch_size=1000)
    return len(entries)


def _earned(bill: PaidBill, rates: Sequence[PointsRate]) -> tuple[int, date | None]:
    """Points and their last day; nothing before the first rate."""
    valid = [rate for rate in rates if rate.valid_from <= bill.month.first_day]
    if not valid:
        return 0, None
    rate = valid[-1]
    points = points_of(bill.paid_fen, points_per_100_yuan=rate.points_per_100_yuan)
    return points, bill.month.plus(rate.months_valid).last_day
