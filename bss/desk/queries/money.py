"""What a customer was billed, month by month, over all accounts."""

from django.db.models import Sum

from billing.models import Bill
from billing.queries.bills import MONTHS_SHOWN
from bss.kernel.periods import Month


def billed_by_month(owner_id: int, *, month: Month) -> list[tuple[Month, int]]:
    """(month, fen) of the six months up to the one before ``month``; empty without any bill.

    Source: BIL-2.
    """
    months = [month.plus(-back) for back in range(MONTHS_SHOWN, 0, -1)]
    sums = dict(
        Bill.objects.filter(
            account__owner=owner_id, month__range=(months[0].first_day, months[-1].first_day)
        )
        .order_by("month")
        .values_list("month")
        .annotate(total=Sum("total_fen"))
    )
    return [(one, sums.get(one.first_day, 0)) for one in months] if sums else []
