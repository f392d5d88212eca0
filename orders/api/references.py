"""What a posted order names: found within the caller's scope, or told as a fault."""

from typing import Any

from billing.models import Account
from bss.kernel.scope import in_scope
from customers.models import Customer, Subscription
from orders.api.reading import Item
from packages_wo.models import Bundle

LIVE = (
    Subscription.State.PENDING,
    Subscription.State.ACTIVE,
    Subscription.State.ON_HOLD,
    Subscription.State.SUSPENDED,
    Subscription.State.PRE_TERMINATED,
)


def customer_by_code(code: str, *, staff: Any) -> Customer | None:
    """The caller's customer of this number."""
    return Customer.objects.filter(in_scope(staff), code=code).first()


def bundle_of(item: Item, *, staff: Any) -> int:
    """The bundle that the item's product names by its code; 0 and a fault when there is none."""
    mine = in_scope(staff, customer="customer__")
    found = Bundle.objects.filter(mine, code=str(item.product.get("id", ""))).first()
    if found is None:
        item.wrong("product.id", "没有这个融合套餐，或不在您的客户范围内")
        return 0
    return found.pk


def account_of(code: str, *, customer_id: int) -> int | None:
    """The customer's own unified account of this code."""
    found = Account.objects.filter(code=code, owner=customer_id, kind=Account.Kind.UNIFIED).first()
    return found.pk if found else None


def subscription_of(item: Item, *, staff: Any) -> int:
    """The caller's own subscription that the product names; 0 and a fault when there is none."""
    return _subscription(item, Subscription.objects.filter(in_scope(staff, customer="owner__")))


def joining_subscription_of(item: Item, *, staff: Any) -> int:
    """A subscription that joins a bundle: by its number it may be anyone's (ELG-2 asks consent)."""
    if item.product.get("productSerialNumber"):
        return _subscription(item, Subscription.objects.all())
    return subscription_of(item, staff=staff)


def _subscription(item: Item, among: Any) -> int:
    key, number = str(item.product.get("id", "")), item.product.get("productSerialNumber")
    if number:
        found = among.filter(number=number, state__in=LIVE).first()
    elif key.isascii() and key.isdigit() and len(key) < 19:
        found = among.filter(pk=int(key)).first()
    else:
        found = None
    if found is None:
        place = "product.productSerialNumber" if number else "product.id"
        item.wrong(place, "没有这个号码的用户，或不在您的客户范围内")
        return 0
    return int(found.pk)
