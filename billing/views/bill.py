"""B2 帐单: the lines by subscription, each leading to its usage and to why; trend; PDF."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Bill
from billing.papers.bill_facts import bill_facts, title_of
from billing.queries.bills import bill_view, bills_shown
from billing.views import reach
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.periods import Month
from bss.kernel.units import yuan


@requires("account.view")
def bill_page(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The bill whole."""
    reach.bill_or_404(request.user, bill_id)
    view = bill_view(bill_id)
    account = view.bill.account
    return render(
        request,
        "billing/bill.html",
        {
            **bill_facts(view),
            "state": state_of(view.bill),
            "trend": _trend(view.bill),
            "may_complain": access.can(request.user, "case.handle"),
            "may_invoice": access.can(request.user, "invoice.issue"),
            "may_pay": access.can(request.user, "payment.take") and view.bill.due_fen > 0,
            "crumbs": [
                (_("帐户"), reverse("billing:list")),
                (account.code, reverse("billing:account", args=[account.code])),
                (title_of(view.bill), ""),
            ],
        },
    )


def state_of(bill: Bill) -> str:
    """The bill's state as badges know it. Source: CRD-2 (overdue from the day after).

    Only a bill of ``with_given_up`` knows that it was written off (PAY-6).
    """
    if bill.due_fen <= 0:
        return "written_off" if getattr(bill, "given_up", False) else "paid"
    if bill.due_on < clock.today():
        return "overdue"
    return "partly_paid" if bill.paid_fen else "issued"


def _trend(bill: Bill) -> dict[str, Any] | None:
    """Six months of bills as bars, and the difference to the month before (BIL-2)."""
    if bill.month is None:
        return None
    bills = list(bills_shown(bill.account_id, month=Month.of(bill.month)))[::-1]
    before = next((b for b in bills if b.month == Month.of(bill.month).previous.first_day), None)
    return {
        "rows": [(str(Month.of(b.month)), b.total_fen) for b in bills if b.month],
        "bills": bills,
        "words": _difference(bill.total_fen - before.total_fen) if before else "",
    }


def _difference(fen: int) -> str:
    if fen == 0:
        return _("与上月相同")
    facts = {"amount": yuan(abs(fen))}
    return (_("比上月多 %(amount)s 元") if fen > 0 else _("比上月少 %(amount)s 元")) % facts
