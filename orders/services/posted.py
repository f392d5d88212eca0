"""An order that another system posts: taken as a clerk's, with the system's own number for it."""

from datetime import datetime

from django.db import transaction

from bss.kernel.rulebook import refuse
from channels.rules.sources import SOURCE_RULE
from channels.services.channels import the_channel
from orders.models import Order
from orders.rules.requests import AnyOrder
from orders.services.acceptance import accept

OWN_CHANNEL_ONLY = "接口号 %(own)s 受理的订单只能以自己为出处，不能写 %(named)s"


@transaction.atomic
def accept_posted(
    *,
    request: AnyOrder,
    channel_code: str,
    own_channel_code: str,
    external_id: str,
    at: datetime,
    by_id: int | None,
) -> Order:
    """Take it. An interface's source is its own number, named or not; a person names a channel.

    Source: S85-2.
    Raises: as ``accept``; RefusedError when an interface names another's channel.
    """
    if own_channel_code and channel_code not in ("", own_channel_code):
        raise refuse(SOURCE_RULE, OWN_CHANNEL_ONLY, own=own_channel_code, named=channel_code)
    channel = the_channel(own_channel_code or channel_code)
    order = accept(request=request, at=at, channel_id=channel.pk, by_id=by_id)
    if external_id:
        order.request = {**order.request, "external_id": external_id}
        order.save(update_fields=["request"])
    return order
