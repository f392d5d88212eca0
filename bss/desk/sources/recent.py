"""What a person worked on last: shown while the search box is still empty."""

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from bss.desk.search import Group
from bss.desk.sources.customers import customer_hit
from bss.desk.sources.orders import order_hit
from bss.kernel import access
from bss.kernel.scope import in_scope
from customers.queries.scope import visible_customers
from orders.models import Order

SHOWN = 6


def recent(staff: Any) -> list[Group]:
    """The customers this person served last and the orders taken last; two queries."""
    groups = []
    if access.admit(staff, "customer.view"):
        served = visible_customers(staff).filter(orders__accepted_by=staff)
        latest = served.annotate(last=Max("orders__id")).order_by("-last")[:SHOWN]
        hits = tuple(customer_hit(customer) for customer in latest)
        groups.append(Group(_("最近服务的客户"), hits))
    if access.admit(staff, "order.view"):
        taken = Order.objects.filter(in_scope(staff, customer="customer__"), accepted_by=staff)
        taken = taken.select_related("customer")
        hits = tuple(order_hit(order) for order in taken.order_by("-id")[:SHOWN])
        groups.append(Group(_("我最近受理的订单"), hits))
    return [group for group in groups if group.hits]
