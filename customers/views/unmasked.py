"""Customers in clear, for half an hour after a second person's yes; each look is audited."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bss.identity.stepup import recently_proved
from bss.kernel import audit, clock
from bss.kernel.access import requires
from bss.kernel.models import Approval
from customers.approval_kinds import UNMASK, UNMASKED_FOR
from customers.models import Customer
from customers.queries.scope import visible_customers
from customers.views.known import known_record

PER_PAGE = 50


@never_cache
@requires("customer.reveal")
@recently_proved
def unmasked(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of them is shown, and recorded, when its button is pressed."""
    approval = get_object_or_404(
        Approval,
        pk=pk,
        kind=UNMASK,
        asked_by=request.user.pk,
        state=Approval.State.APPROVED,
    )
    at = clock.now()
    if approval.decided_at is None or at >= approval.decided_at + UNMASKED_FOR:
        raise Http404(_("查看时间已过，请重新申请。"))
    customers = visible_customers(request.user).filter(pk__in=approval.payload["customer_ids"])
    pages = Paginator(customers.order_by("code"), PER_PAGE)
    page = pages.get_page(request.POST.get("page"))
    rows: list[Any] = []
    if request.method == "POST":
        shown: list[Customer] = list(page.object_list)
        audit.read_personal(
            kind="reveal",
            customer_ids=[customer.pk for customer in shown],
            at=at,
            reason=approval.reason,
            detail={"approval": approval.pk},
        )
        rows = [(customer, known_record(customer)) for customer in shown]
    return render(
        request,
        "customers/unmasked.html",
        {
            "approval": approval,
            "until": approval.decided_at + UNMASKED_FOR,
            "page": page,
            "count": pages.count,
            "rows": rows,
            "crumbs": [(_("客户"), reverse("customers:list")), (_("未脱敏资料"), "")],
        },
    )
