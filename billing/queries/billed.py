"""What customers were billed in some months, for a range of customers at once."""

from collections.abc import Sequence

from django.db.models import Sum

from billing.models import Bill, ClosedMonth
from bss.kernel.periods import Month


def last_closed_months(count: int, *, before: Month) -> list[Month]:
    """The latest months that are billed, the latest first; fewer when the house is young."""
    closed = ClosedMonth.objects.filter(month__lt=before.first_day).order_by("-month")
    return [Month.of(day) for day in closed.values_list("month", flat=True)[:count]]


def billed_of_range(first_id: int, last_id: int, *, months: Sequence[Month]) -> dict[int, int]:
    """Customer → the sum of its bills of these months. Units: fen."""
    bills = Bill.objects.filter(
        account__owner__pk__range=(first_id, last_id),
        month__in=[month.first_day for month in months],
    )
    return dict(bills.order_by().values_list("account__owner").annotate(total=Sum("total_fen")))
