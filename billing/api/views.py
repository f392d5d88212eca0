"""TMF678 customerBill: the issued bills of the caller's customers."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.attributes import BILL_ATTRIBUTES, key
from billing.api.bill_out import bill_out, with_what_is_shown
from billing.models import Bill
from bss.kernel.api.describe import describes_list, describes_one
from bss.kernel.api.resources import Resource
from bss.kernel.scope import in_scope


class BillResource(Resource):
    attributes = BILL_ATTRIBUTES
    route = "tmf678-customer-bill"
    id_lookup = "pk"
    needs = {"GET": "account.view"}

    def rows(self) -> QuerySet[Any]:
        mine = in_scope(self.request.user, customer="account__owner__")
        return with_what_is_shown(Bill.objects.filter(mine))

    def key_of(self, id: str) -> int:
        return key(id)

    def shown(self, row: Bill) -> dict[str, Any]:
        return bill_out(row, href=self.href)


class BillList(BillResource):
    @describes_list("TMF678", "CustomerBill", "列出帐单", BILL_ATTRIBUTES)
    def get(self, request: Request) -> Response:
        return self.list(request)


class BillOne(BillResource):
    @describes_one("TMF678", "CustomerBill", "查看一张帐单")
    def get(self, request: Request, id: str) -> Response:
        return self.one(request, id)
