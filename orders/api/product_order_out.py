"""An order as TMF622 writes it: one item at the top, a bundle's members and packs inside."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bss.kernel.masking import masked_number
from bss.kernel.periods import BUSINESS_ZONE
from customers.queries.shown_names import shown_name
from orders.api.attributes import STATE_OF
from orders.models import Order

BUNDLE_ACTIONS = {"open_bundle": "add", "change_bundle": "modify", "cancel_bundle": "delete"}
SINGLE_ACTIONS = {"open_vas": "add", "close_vas": "delete", "terminate": "delete"}
BUNDLE_CHARACTERISTICS = {
    "scheme": "scheme",
    "tier": "tier",
    "separate_3g": "separate3g",
    "filed_by_manager": "filedByManager",
}


def with_what_is_shown(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The rows with all that ``order_out`` reads, in a fixed number of queries."""
    return (
        orders.select_related("customer", "channel", "accepted_by", "bundle", "subscription")
        .prefetch_related("work_orders__subscription")
        .order_by("-id")
    )


def order_out(order: Order, *, href: Callable[[str], str]) -> dict[str, Any]:
    """The TMF622 resource; numbers and persons' names are masked. Source: S14-2."""
    moments = {
        "orderDate": order.accepted_at,
        "completionDate": order.completed_at,
        "cancellationDate": order.cancelled_at,
    }
    return {
        "id": order.code,
        "href": href(order.code),
        **({"externalId": order.request["external_id"]} if "external_id" in order.request else {}),
        "category": order.type,
        "description": str(order.get_type_display()),
        "state": STATE_OF[order.state],
        **{name: _local(moment) for name, moment in moments.items() if moment},
        **({"cancellationReason": order.cancelled_by_rule} if order.cancelled_by_rule else {}),
        "channel": [{"id": order.channel.code, "name": order.channel.name}],
        "relatedParty": list(_parties(order)),
        "productOrderItem": [_item(order)],
        "@type": "ProductOrder",
    }


def _item(order: Order) -> dict[str, Any]:
    return _bundle_item(order) if order.type in BUNDLE_ACTIONS else _single_item(order)


def _bundle_item(order: Order) -> dict[str, Any]:
    asked, state = order.request, STATE_OF[order.state]
    bundle = order.bundle
    product: dict[str, Any] = {"isBundle": True}
    if bundle is not None:
        product |= {"id": bundle.code, "name": bundle.offering}
    product["productCharacteristic"] = [
        {"name": name, "value": asked[key]}
        for key, name in BUNDLE_CHARACTERISTICS.items()
        if key in asked
    ]
    item = {
        "id": "1",
        "action": BUNDLE_ACTIONS[order.type],
        "quantity": 1,
        "state": state,
        "product": product,
        "productOrderItem": [
            {"id": f"1.{index}", "state": state, **part}
            for index, part in enumerate(_parts(order), start=1)
        ],
    }
    offering = asked.get("offering") or (bundle.offering if bundle else "")
    return item | ({"productOffering": {"id": offering}} if offering else {})


def _parts(order: Order) -> Iterator[dict[str, Any]]:
    """Members that join, leave or get a new plan, then packs, as the order names them."""
    asked = order.request
    numbers = {str(w.subscription_id): w.subscription.number for w in order.work_orders.all()}
    new = {one["key"]: one for one in asked.get("new", ())}
    for named in [*asked.get("members", ()), *asked.get("add", ())]:
        if named in new:
            yield _new_member(new[named])
        else:
            yield {"action": "add", "product": _product(str(named), numbers)}
    for named in asked.get("remove", ()):
        yield {"action": "delete", "product": _product(str(named), numbers)}
    for named, plan in asked.get("new_plans", {}).items():
        product = _product(str(named), numbers)
        yield {"action": "modify", "product": product, "productOffering": {"id": plan}}
    for pack in asked.get("packs") or ():
        terminal = pack.get("terminal")
        product = (
            {}
            if terminal is None
            else {"productSerialNumber": masked_number(new[terminal]["number"])}
            if terminal in new
            else _product(str(terminal), numbers)
        )
        yield {"action": "add", "productOffering": {"id": pack["pack"]}, "product": product}


def _new_member(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "action": "add",
        "productOffering": {"id": asked["plan"]},
        "product": {
            "productSerialNumber": masked_number(asked["number"]),
            "productCharacteristic": [{"name": "service", "value": asked["service"]}],
        },
    }


def _single_item(order: Order) -> dict[str, Any]:
    asked, subscription = order.request, order.subscription
    offering = asked.get("plan") or asked.get("vas")
    item: dict[str, Any] = {
        "id": "1",
        "action": SINGLE_ACTIONS.get(order.type, "modify"),
        "quantity": 1,
        "state": STATE_OF[order.state],
    }
    if subscription is not None:
        item["product"] = {
            "id": str(subscription.pk),
            "name": str(subscription.get_service_display()),
            "productSerialNumber": masked_number(subscription.number),
        }
    return item | ({"productOffering": {"id": offering}} if offering else {})


def _product(key: str, numbers: dict[str, str]) -> dict[str, str]:
    number = {"productSerialNumber": masked_number(numbers[key])} if key in numbers else {}
    return {"id": key, **number}


def _parties(order: Order) -> Iterator[dict[str, str]]:
    yield {
        "id": order.customer.code,
        "name": shown_name(order.customer),
        "role": "customer",
        "@referredType": "Customer",
    }
    if order.accepted_by is not None:
        yield {
            "id": order.accepted_by.username,
            "name": order.accepted_by.display_name,
            "role": "acceptedBy",
            "@referredType": "Individual",
        }


def _local(moment: datetime) -> str:
    return moment.astimezone(BUSINESS_ZONE).isoformat()
