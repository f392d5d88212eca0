"""Redeeming points, and the rate at which they are earned. No money moves."""

from datetime import date, datetime

from django.db import transaction

from bss.kernel import audit
from bss.kernel.errors import BadInputError, Sentence
from bss.kernel.periods import Month
from customers.batch.points import write
from customers.models import PointsEntry, PointsRate
from customers.queries.locked import lock_customer

NO_REASON = "请写明兑换了什么。"
NOT_POSITIVE = "兑换的积分应大于 0。"
TOO_MANY = "积分余额只有 %(balance)s 分，不够兑换 %(wanted)s 分。"
FROM_THE_FIRST = "这个月份起已有积分标准；请另选月份。"
NO_RATE_REASON = "请写明依据。"


def balance_of(customer_id: int) -> int:
    """Units: points."""
    last = PointsEntry.objects.filter(customer=customer_id).order_by("-number").first()
    return last.balance if last else 0


@transaction.atomic
def redeem(*, customer_id: int, points: int, reason: str, at: datetime, by_id: int) -> PointsEntry:
    """Use points for something. Raises: BadInputError. Locks: the customer."""
    lock_customer(customer_id)
    balance = balance_of(customer_id)
    faults: list[tuple[str, str]] = []
    if points <= 0:
        faults.append(("points", NOT_POSITIVE))
    elif points > balance:
        faults.append(("points", Sentence(TOO_MANY, balance=balance, wanted=points)))
    if not reason.strip():
        faults.append(("reason", NO_REASON))
    if faults:
        raise BadInputError(*faults)
    more = {"reason": reason.strip()[:200], "by_id": by_id}
    write([(customer_id, -points, more)], kind=PointsEntry.Kind.REDEEMED, at=at)
    audit.record(
        action="points.redeem",
        subject=f"customer:{customer_id}",
        customer_id=customer_id,
        staff_id=by_id,
        at=at,
        reason=reason.strip(),
        detail={"points": points, "balance": balance - points},
    )
    return PointsEntry.objects.filter(customer=customer_id).latest("number")


@transaction.atomic
def set_rate(
    *,
    points_per_100_yuan: int,
    months_valid: int,
    valid_from: date,
    reason: str,
    at: datetime,
    by_id: int,
) -> PointsRate:
    """Another rate for the bills from a month on; what was earned stays. Raises: BadInputError."""
    month = Month.of(valid_from).first_day
    if not reason.strip():
        raise BadInputError(("reason", NO_RATE_REASON))
    if PointsRate.objects.filter(valid_from=month).exists():
        raise BadInputError(("valid_from", FROM_THE_FIRST))
    rate: PointsRate = PointsRate.objects.create(
        points_per_100_yuan=points_per_100_yuan,
        months_valid=months_valid,
        valid_from=month,
        reason=reason.strip()[:200],
        set_at=at,
        set_by_id=by_id,
    )
    audit.record(
        action="points.set_rate",
        subject=f"points_rate:{rate.pk}",
        at=at,
        staff_id=by_id,
        reason=rate.reason,
        detail={"per_100_yuan": points_per_100_yuan, "from": str(month)},
    )
    return rate
