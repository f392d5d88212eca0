"""TMF629 customer: the caller's customers, listed and one by one."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from bss.kernel.api.describe import describes_list, describes_one
from bss.kernel.api.resources import Resource
from bss.kernel.scope import in_scope
from customers.api.attributes import CUSTOMER_ATTRIBUTES
from customers.api.customer_out import customer_out, with_what_is_shown
from customers.models import Customer


class CustomerResource(Resource):
    attributes = CUSTOMER_ATTRIBUTES
    route = "tmf629-customer"
    needs = {"GET": "customer.view"}

    def rows(self) -> QuerySet[Any]:
        return with_what_is_shown(Customer.objects.filter(in_scope(self.request.user)))

    def shown(self, row: Customer) -> dict[str, Any]:
        return customer_out(row, href=self.href)


class CustomerList(CustomerResource):
    @describes_list("TMF629", "Customer", "列出客户", CUSTOMER_ATTRIBUTES)
    def get(self, request: Request) -> Response:
        return self.list(request)


class CustomerOne(CustomerResource):
    @describes_one("TMF629", "Customer", "查看一个客户")
    def get(self, request: Request, id: str) -> Response:
        return self.one(request, id)
