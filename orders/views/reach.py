"""The customers, orders and bundles that a person reaches; outside of them there is nothing."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from bss.kernel.scope import in_scope
from customers.models import Customer, Subscription
from orders.models import Order, WorkOrder
from packages_wo.models import Bundle


def orders_for(staff: Any) -> QuerySet[Order]:
    return Order.objects.filter(in_scope(staff, customer="customer__"))


def work_orders_for(staff: Any) -> QuerySet[WorkOrder]:
    return WorkOrder.objects.filter(in_scope(staff, customer="order__customer__"))


def customers_for(staff: Any) -> QuerySet[Customer]:
    return Customer.objects.filter(in_scope(staff))


def order_or_404(code: str, *, staff: Any) -> Order:
    related = ("customer", "channel", "accepted_by", "bundle", "subscription")
    found: Order = get_object_or_404(orders_for(staff).select_related(*related), code=code)
    return found


def customer_or_404(code: str, *, staff: Any) -> Customer:
    found: Customer = get_object_or_404(customers_for(staff), code=code)
    return found


def bundle_or_404(code: str, *, staff: Any) -> Bundle:
    bundles = Bundle.objects.filter(in_scope(staff, customer="customer__"))
    found: Bundle = get_object_or_404(bundles.select_related("customer"), code=code)
    return found


def subscription_or_404(pk: int, *, staff: Any) -> Subscription:
    reached = Subscription.objects.filter(in_scope(staff, customer="owner__"))
    found: Subscription = get_object_or_404(reached.select_related("owner"), pk=pk)
    return found
