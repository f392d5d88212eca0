"""A posted TMF622 ProductOrder as what the acceptance service takes: the same as a clerk's form.

One order is one business: its top level has exactly one item. A bundle's item says so by
``product.isBundle``, or by naming an offering to add.
"""

from dataclasses import dataclass
from typing import Any

from bss.kernel.api import official
from bss.kernel.errors import BadInputError
from orders.api import bundle_in
from orders.api.reading import Faults, Item, Json, party_id
from orders.api.references import customer_by_code
from orders.api.single_in import single
from orders.rules.requests import AnyOrder


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted: the request, where it comes from, and the caller's own number for it."""

    request: AnyOrder
    channel_code: str
    external_id: str


def read(body: Any, *, staff: Any) -> Posted:
    """Raises: BadInputError with every place that cannot be understood."""
    shape = official.faults("TMF622", "ProductOrder_Create", body)
    if shape:
        raise BadInputError(*shape)
    faults = Faults()
    if len(body["productOrderItem"]) != 1:
        raise BadInputError(("productOrderItem", "一份订单办理一项业务：最上层应只有一个项目"))
    customer = customer_by_code(party_id(body.get("relatedParty", ()), "customer"), staff=staff)
    if customer is None:
        raise BadInputError(
            ("relatedParty", "请以角色 customer 给出客户编号；没有这个客户，或不在您的客户范围内")
        )
    item = Item(body["productOrderItem"][0], "productOrderItem.0", faults)
    request: AnyOrder
    match (item.product.get("isBundle", False), item.action):
        case (True, "add"):
            account = str(body.get("billingAccount", {}).get("id", ""))
            request = bundle_in.opening(item, customer=customer, account=account, staff=staff)
        case (True, "modify"):
            request = bundle_in.change(item, customer=customer, staff=staff)
        case (True, "delete"):
            request = bundle_in.cancellation(item, customer=customer, staff=staff)
        case _:
            request = single(item, customer=customer, staff=staff)
    faults.raise_if_any()
    return Posted(
        request=request,
        channel_code=channel_of(body),
        external_id=str(body.get("externalId", "")),
    )


def channel_of(body: Json) -> str:
    """The source of the order: the first channel that it names."""
    channels = body.get("channel", ())
    return str(channels[0]["id"]) if channels else ""
