"""A posted item about one subscription as the request that the acceptance service takes.

===============  ==========  ======================  =========================================
business         ``action``  ``productOffering.id``  characteristic of the product
===============  ==========  ======================  =========================================
change_plan      modify      the new plan            —
open_vas         add         the product             —
close_vas        delete      the product             —
terminate        delete      —                       —
hold             modify      —                       ``state``: ``on_hold``
resume           modify      —                       ``state``: ``active``
change_number    modify      —                       ``number``: the new number
replace_sim      modify      —                       ``sim``: ``replace``
transfer         modify      —                       ``owner``: the new owner's customer number
===============  ==========  ======================  =========================================
"""

from typing import Any

from customers.models import Customer
from orders.api.reading import Item
from orders.api.references import customer_by_code, subscription_of
from orders.rules.requests import SingleOrder

STATES = {"on_hold": "hold", "active": "resume"}
WITH_OFFERING = {"modify": "change_plan", "add": "open_vas", "delete": "close_vas"}


def single(item: Item, *, customer: Customer, staff: Any) -> SingleOrder:
    """The one business that the item asks for; a fault when it asks for none."""
    business = business_of(item)
    if not business:
        item.wrong("action", "看不出要办什么业务，请对照接口文档给出套餐、产品或特征")
    heir = None
    if business == "transfer":
        heir = customer_by_code(item.text("owner"), staff=staff)
        if heir is None:
            item.wrong("product.productCharacteristic.owner", "没有这个客户，或不在您的客户范围内")
    return SingleOrder(
        type=business,
        customer_id=customer.pk,
        subscription_id=subscription_of(item, staff=staff),
        plan=item.offering if business == "change_plan" else "",
        number=item.text("number") if business == "change_number" else "",
        to_customer_id=heir.pk if heir else None,
        vas=item.offering if business in ("open_vas", "close_vas") else "",
    )


def business_of(item: Item) -> str:
    """Which business the action, offering and characteristics come to; empty when none."""
    if item.offering:
        return WITH_OFFERING.get(item.action, "")
    if item.action == "delete":
        return "terminate"
    if item.action != "modify":
        return ""
    if item.has("state"):
        return STATES.get(item.text("state"), "")
    if item.has("number"):
        return "change_number"
    if item.text("sim") == "replace":
        return "replace_sim"
    return "transfer" if item.has("owner") else ""
