"""Bills without a close's cost: what October's fees come to, paid as far as there is money."""

from billing.models import Bill
from billing.services import month_end
from bss.kernel.periods import local_moment
from tests.bench.world.families import OCTOBER

CLOSED_AT = local_moment("2026-11-03T02:00")


def issue_bills() -> int:
    """Close October, without a call in it; give the bills."""
    month_end.close_month(month=OCTOBER, at=CLOSED_AT)
    return Bill.objects.count()
