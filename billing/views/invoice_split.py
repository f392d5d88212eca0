"""开票: a bill on one invoice or on several, with what is left of it and what they come to."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Account, Bill
from billing.papers.bill_facts import title_of
from billing.queries.invoicing import business_numbers, lines_left, main_number, with_state
from billing.rules.invoice_parts import left_of
from billing.services import invoices
from billing.views import reach
from billing.views.invoice import state_rows
from billing.views.invoice_forms import SplitForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.units import yuan
from customers.models import Customer
from customers.queries.shown_names import shown_name

TEMPLATE = "billing/invoice_split.html"


@requires("invoice.issue")
def split_page(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The form; 核算 says what it would come to, 开票 issues it, once per form."""
    reach.bill_or_404(request.user, bill_id)
    bill = Bill.objects.select_related("account__owner").get(pk=bill_id)
    context = _context(bill)
    form = SplitForm(
        request.POST or None,
        lines=[row["line"].pk for row in context["rows"]],
        initial=initial_buyer(bill.account),
        **numbers_of(bill.account),
    )
    context["form"] = form
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, context)
    parts = form.parts()
    try:
        if request.POST.get("act") == "check":
            context["planned"] = invoices.plan(bill=bill, parts=parts)
            return render(request, TEMPLATE, context)
        issued = invoices.issue(
            bill_id=bill.pk,
            parts=parts,
            key=form_key(request),
            at=clock.now(),
            by_id=request.user.pk,
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, context, refused=refused)
    said = _("已开 %(n)s 张发票，共 %(amount)s 元。")
    amount = yuan(sum(invoice.amount_fen for invoice in issued))
    messages.success(request, said % {"n": len(issued), "amount": amount})
    if len(issued) == 1:
        return redirect("billing:invoice", invoice_id=issued[0].pk)
    return redirect("billing:invoice_bill", bill_id=bill.pk)


def form_key(request: HttpRequest) -> str:
    """The form's own key; without one there is no telling a second click from a second invoice."""
    key = request.POST.get("request_key", "").strip()
    if not key:
        raise BadInputError(("request_key", _("表单已失效，请重新打开页面。")))
    return f"desk-{key}"[:70]


def numbers_of(account: Account) -> dict[str, Any]:
    """What an invoice of the account may carry as its business number."""
    main = main_number(account.pk, at=clock.now())
    return {"numbers": business_numbers(account.pk), "main": main}


def initial_buyer(account: Account) -> dict[str, Any]:
    """A company's own name; a person's is masked here and put in by the service."""
    is_person = account.owner.kind == Customer.Kind.INDIVIDUAL
    return {"buyer_name": "" if is_person else account.owner.name}


def _context(bill: Bill) -> dict[str, Any]:
    left = {line.line_id: line for line in lines_left(bill)}
    lines = list(bill.lines.select_related("subscription").order_by("position"))
    gift_fen = sum(line.paid_gift_fen for line in lines)
    left_fen = left_of(list(left.values()))
    found = with_state(bill.invoices.all()).select_related("book").order_by("pk")
    rows = state_rows(found)
    invoiced_fen = sum(invoice.amount_fen for invoice, _state in rows)
    return {
        "bill": bill,
        "account": bill.account,
        "holder": shown_name(bill.account.owner),
        "title": title_of(bill),
        "rows": [{"line": line, "left_fen": left[line.pk].left_fen} for line in lines],
        "left_fen": left_fen,
        "gift_fen": gift_fen,
        "invoiced_fen": invoiced_fen,
        "prepaid_fen": max(0, bill.total_fen - gift_fen - invoiced_fen - left_fen),
        "excess_fen": max(0, invoiced_fen + gift_fen - bill.total_fen),
        "invoices": rows,
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (bill.account.code, reverse("billing:account", args=[bill.account.code])),
            (title_of(bill), reverse("billing:bill", args=[bill.pk])),
            (_("开票"), ""),
        ],
    }
