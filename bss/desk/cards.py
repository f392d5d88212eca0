"""What 今日 says beyond cases and the hall: orders on the way, work to do, the month, customers."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest

from billing.models import Bill, ClosedMonth, StartedMonth
from billing.queries.rejects import open_rejects
from billing.queries.usage_gaps import open_gaps
from bss.kernel import access, clock
from bss.kernel.periods import Month
from bss.kernel.scope import in_scope
from customers.queries.scope import visible_customers
from orders.models import Order, WorkOrder
from packages_wo.models import Bundle, BundleChange

SHOWN = 6
OPEN_ORDERS = (Order.State.ACCEPTED, Order.State.IN_PROGRESS)


def my_orders(request: HttpRequest) -> dict[str, Any] | None:
    """The orders that I accepted and that are not completed, the oldest first."""
    mine = Order.objects.filter(
        in_scope(request.user, customer="customer__"),
        accepted_by=request.user.pk,
        state__in=OPEN_ORDERS,
    )
    orders = list(mine.select_related("customer").order_by("id")[: SHOWN + 1])
    if not orders:
        return None
    return {"orders": orders[:SHOWN], "more": len(orders) > SHOWN}


def work_to_do(request: HttpRequest) -> dict[str, Any] | None:
    """How many work orders wait for hands, and which have failed."""
    reached = WorkOrder.objects.filter(in_scope(request.user, customer="order__customer__"))
    counts = reached.aggregate(
        ready=Count("pk", filter=Q(state=WorkOrder.State.READY, manual=True)),
        failed=Count("pk", filter=Q(state=WorkOrder.State.FAILED)),
    )
    return counts if any(counts.values()) else None


def my_customers(request: HttpRequest) -> dict[str, Any] | None:
    """An account manager's own customers and what is on its way with them."""
    if not access.sees_own_customers_only(request.user):
        return None
    bundles = Bundle.objects.filter(in_scope(request.user, customer="customer__"))
    on_the_way = (BundleChange.State.ACCEPTED, BundleChange.State.SCHEDULED)
    return {
        "customers": visible_customers(request.user).count(),
        **bundles.aggregate(
            in_force=Count("pk", filter=Q(state=Bundle.State.IN_FORCE), distinct=True),
            on_the_way=Count("pk", filter=Q(changes__state__in=on_the_way), distinct=True),
        ),
    }


def month_run(request: HttpRequest) -> dict[str, Any]:
    """Where the month's runs are: the last start and close, and what waits to be mended."""
    last = Month.of(clock.today()).previous
    return {
        "month": last,
        "closed": ClosedMonth.objects.filter(month=last.first_day).exists(),
        "started": StartedMonth.objects.filter(month=last.next.first_day).exists(),
        "rejects": open_rejects().count(),
        "gaps": open_gaps().count(),
        "bills": Bill.objects.filter(month=last.first_day).count(),
    }
