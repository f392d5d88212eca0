"""Orders by their number."""

from typing import Any

from django.utils.translation import gettext as _

from bss.desk.links import address_of
from bss.desk.search import Group, Hit
from bss.kernel import access
from bss.kernel.scope import in_scope
from customers.queries.shown_names import shown_name
from orders.models import Order


def find_orders(text: str, staff: Any, limit: int) -> Group | None:
    """The newest orders whose number begins with the text."""
    if not access.admit(staff, "order.view"):
        return None
    orders = Order.objects.filter(in_scope(staff, customer="customer__"))
    found = orders.filter(code__istartswith=text).select_related("customer").order_by("-id")
    rows = list(found[: limit + 1])
    return Group(
        title=_("订单"),
        hits=tuple(order_hit(order, exact=order.code == text.upper()) for order in rows[:limit]),
        more_url=address_of("orders:list", q=text) if len(rows) > limit else "",
    )


def order_hit(order: Order, *, exact: bool = False) -> Hit:
    return Hit(
        title=f"{_(order.get_type_display())} · {shown_name(order.customer)}",
        url=address_of("orders:order", order.code),
        detail=order.code,
        icon="order",
        kind="order",
        state=order.state,
        exact=exact,
    )
