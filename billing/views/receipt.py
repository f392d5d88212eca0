"""收据: what was taken and given back; as a slip of 80 mm and as a PDF, reprints marked 补打."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Payment, Receipt, ReceiptPrint
from billing.papers.bill_facts import title_of
from billing.queries.paid_with import used_for
from billing.services import receipts
from billing.views import reach
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.pages.paper import hand_out
from bss.kernel.scope import in_scope


@requires("payment.take")
def receipt_page(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """The change to give, and the ways to print."""
    receipt = _receipt_or_404(request.user, receipt_id)
    account = receipt.movement.account
    payment = Payment.objects.filter(journal=receipt.movement.journal_id).first()
    used = used_for(payment) if payment else None
    return render(
        request,
        "billing/receipt.html",
        {
            **_facts(receipt),
            "used": used,
            "used_bills": [(title_of(bill), fen, bill) for bill, fen in used.bills] if used else (),
            "prints": list(receipt.prints.select_related("printed_by")),
            "crumbs": [
                (_("收银台"), reverse("billing:till")),
                (account.code, reverse("billing:account", args=[account.code])),
                (_("收据 %(code)s") % {"code": receipt.code}, ""),
            ],
        },
    )


@require_POST
@requires("payment.take")
def print_receipt(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Count one more print, and show it: the slip, or the PDF."""
    receipt = _receipt_or_404(request.user, receipt_id)
    printed = receipts.print_receipt(
        receipt_id=receipt.pk,
        by_id=request.user.pk,  # type: ignore[arg-type]
        at=clock.now(),
    )
    name = "billing:receipt_pdf" if request.POST.get("form") == "pdf" else "billing:receipt_slip"
    return redirect(name, receipt_id=receipt.pk, number=printed.number)


@requires("payment.take")
def receipt_slip(request: HttpRequest, receipt_id: int, number: int) -> HttpResponse:
    """80 mm wide, for the printer at the desk."""
    return render(request, "billing/receipt_slip.html", _printed(request, receipt_id, number))


@requires("payment.take")
def receipt_pdf(request: HttpRequest, receipt_id: int, number: int) -> HttpResponse:
    """The same on A4."""
    context = _printed(request, receipt_id, number)
    receipt, printed = context["receipt"], context["printed"]
    return hand_out(
        request,
        "papers/receipt.html",
        context,
        file_name=f"receipt-{receipt.code}.pdf",
        customer_ids=[receipt.movement.account.owner_id],
        at=clock.now(),
        detail={"receipt": receipt.pk, "print": printed.number},
        back=reverse("billing:receipt", args=[receipt_id]),
        marked=False,
    )


def _receipt_or_404(staff: Any, receipt_id: int) -> Receipt:
    rows = Receipt.objects.filter(in_scope(staff, customer="movement__account__owner__"))
    return get_object_or_404(
        rows.select_related("channel", "movement__account__owner", "movement__shift__cashier"),
        pk=receipt_id,
    )


def _printed(request: HttpRequest, receipt_id: int, number: int) -> dict[str, Any]:
    receipt = _receipt_or_404(request.user, receipt_id)
    printed = receipt.prints.filter(number=number).select_related("printed_by").first()
    if printed is None:
        raise Http404(f"receipt {receipt_id} was not printed {number} times")
    return _facts(receipt, printed)


def _facts(receipt: Receipt, printed: ReceiptPrint | None = None) -> dict[str, Any]:
    movement = receipt.movement
    return {
        "receipt": receipt,
        "movement": movement,
        "account": movement.account,
        "name": reach.account_name(movement.account),
        "means": _(movement.get_means_display()),
        "cashier": movement.shift.cashier,
        "reversed": hasattr(movement.journal, "reversed_by"),
        "printed": printed,
    }
