"""TMF622 productOrder: accepted by the same service as the clerk's form."""

from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from bss.kernel import clock
from bss.kernel.api.describe import describes_creation, describes_list, describes_one
from bss.kernel.api.idempotency import once
from bss.kernel.api.permissions import require
from bss.kernel.api.resources import Resource
from bss.kernel.api.source import source_of
from bss.kernel.scope import in_scope
from orders.api import product_order_in
from orders.api.attributes import ORDER_ATTRIBUTES
from orders.api.examples import HOLD, OPENING
from orders.api.product_order_out import order_out, with_what_is_shown
from orders.models import Order
from orders.rules.requests import SingleOrder
from orders.services.posted import accept_posted

MAPPING = (Path(__file__).parent / "mapping.md").read_text(encoding="utf-8")


class OrderResource(Resource):
    attributes = ORDER_ATTRIBUTES
    route = "tmf622-product-order"
    needs = {"GET": "order.view", "POST": "order.accept"}

    def rows(self) -> QuerySet[Any]:
        mine = in_scope(self.request.user, customer="customer__")
        return with_what_is_shown(Order.objects.filter(mine))

    def shown(self, row: Order) -> dict[str, Any]:
        return order_out(row, href=self.href)


class OrderList(OrderResource):
    @describes_list("TMF622", "ProductOrder", "列出订单", ORDER_ATTRIBUTES)
    def get(self, request: Request) -> Response:
        return self.list(request)

    @describes_creation(
        "TMF622", "ProductOrder", "受理订单", description=MAPPING, examples=[OPENING, HOLD]
    )
    def post(self, request: Request) -> Response:
        at = clock.now()

        def take() -> Response:
            posted = product_order_in.read(request.data, staff=request.user)
            if not isinstance(posted.request, SingleOrder):
                require(request, "bundle.open")
            source = source_of(request)
            order = accept_posted(
                request=posted.request,
                channel_code=posted.channel_code,
                own_channel_code=source.channel_code if source else "",
                external_id=posted.external_id,
                at=at,
                by_id=request.user.pk,
            )
            resource = self.shown(self.rows().get(pk=order.pk))
            return Response(resource, status=201, headers={"Location": resource["href"]})

        return once(request, take, at=at)


class OrderOne(OrderResource):
    @describes_one("TMF622", "ProductOrder", "查看一个订单")
    def get(self, request: Request, id: str) -> Response:
        return self.one(request, id)
