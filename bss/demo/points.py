"""Points of the demo's customers: a rate from its first bills on, and one who used some."""

from datetime import datetime

from bss.demo.companies import Company
from bss.kernel.models import Staff
from bss.kernel.periods import Month
from bss.wiring.points import keep_points
from customers.services.points import balance_of, redeem, set_rate

PER_100_YUAN = 100
MONTHS_VALID = 24
REDEEMED = 50


def set_a_rate(*, month: Month, at: datetime) -> None:
    """A sample rate: one point for each yuan paid, good for two years."""
    set_rate(
        points_per_100_yuan=PER_100_YUAN,
        months_valid=MONTHS_VALID,
        valid_from=month.first_day,
        reason="积分计划样例",
        at=at,
        by_id=Staff.objects.get(username="super01").pk,
    )


def earn_and_use(companies: list[Company], *, at: datetime) -> None:
    """Whatever was paid to the end earns; the first company that can has a gift for it."""
    keep_points(at=at)
    for company in companies:
        if balance_of(company.id) >= REDEEMED:
            by_id = company.hall.clerk_ids[0]
            redeem(customer_id=company.id, points=REDEEMED, reason="保温杯", at=at, by_id=by_id)
            return
