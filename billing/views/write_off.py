"""坏帐核销: bills are given up by two persons; what is paid on them later is recovered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.debt_kinds import WRITE_OFF
from billing.models import Account, Bill
from billing.papers.bill_facts import title_of
from billing.queries.bills import unpaid_bills
from billing.queries.till import open_shift_of
from billing.queries.written_off import recovery_state, write_offs
from billing.services import recoveries
from billing.services.by_hand import needs_second
from billing.services.write_offs import bills_to_write_off
from billing.views import reach
from billing.views.by_hand import account_facts, put_before_another
from billing.views.by_hand_forms import WriteOffForm
from billing.views.forms import PaymentForm
from billing.views.invoice_split import form_key
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

FORM, PAGE, RECOVER = (
    "billing/write_off_new.html",
    "billing/write_off.html",
    "billing/write_off_recover.html",
)


@requires("write_off.make")
def write_off_new(request: HttpRequest, code: str) -> HttpResponse:
    """The overdue bills; a second person decides."""
    account = reach.account_or_404(request.user, code)
    bills = [bill for bill in unpaid_bills(account.pk) if bill.due_on < clock.today()]
    form = WriteOffForm(request.POST or None, bills=[(str(b.pk), _label(b)) for b in bills])
    context = {
        **account_facts(account, _("坏帐核销")),
        "form": form,
        "bills": bills,
        "overdue_fen": sum(bill.due_fen for bill in bills),
    }
    if request.method != "POST":
        return render(request, FORM, context)
    if not form.is_valid():
        return render_refused(request, FORM, context)
    asked = form.cleaned_data
    chosen = sorted(map(int, asked["bills"]))
    payload = {
        "account_id": account.pk,
        "bill_ids": chosen,
        "reason_id": asked["reason"].pk,
        "remark": asked["remark"],
    }
    try:
        found = bills_to_write_off(account, chosen, at=clock.now())
        amount_fen = sum(bill.due_fen for bill in found)
        needs_second("write_off", rule="PAY-6", by_id=request.user.pk, amount_fen=amount_fen)
        return put_before_another(
            request, kind=WRITE_OFF, payload=payload, reason=asked["reason"], remark=asked["remark"]
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, FORM, context, refused=refused)


@requires("account.view")
def write_off_page(request: HttpRequest, write_off_id: int) -> HttpResponse:
    """Which bills, who agreed, and what came in after all."""
    made = write_off_or_404(request.user, write_off_id)
    return render(request, PAGE, _context(request, made))


@requires("payment.take")
def recover(request: HttpRequest, write_off_id: int) -> HttpResponse:
    """Take money for it at the desk."""
    made = write_off_or_404(request.user, write_off_id)
    open_fen = made.amount_fen - made.recovered_fen
    form = PaymentForm(
        request.POST or None, account=made.account, initial={"amount": yuan(open_fen)}
    )
    del form.fields["ledger"]
    context = {
        **_context(request, made),
        "form": form,
        "open_fen": open_fen,
        "shift": open_shift_of(request.user.pk),
        "may_open": access.can(request.user, "till.open"),
    }
    if request.method != "POST":
        return render(request, RECOVER, context)
    if not form.is_valid():
        return render_refused(request, RECOVER, context)
    asked = form.cleaned_data
    try:
        receipt = recoveries.recover(
            write_off_id=made.pk,
            amount_fen=asked["amount"],
            received_fen=asked["received"],
            reference=asked["reference"],
            means=asked["means"],
            key=form_key(request),
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, RECOVER, context, refused=refused)
    messages.success(request, _("已收回坏帐 %(fen)s 元。") % {"fen": yuan(receipt.amount_fen)})
    return redirect("billing:receipt", receipt_id=receipt.pk)


def write_off_or_404(staff: Any, write_off_id: int) -> Any:
    """With ``recovered_fen``. Raises: Http404 when there is none, or it is out of reach."""
    rows = write_offs().filter(in_scope(staff, customer="account__owner__"))
    return get_object_or_404(rows.select_related("approval__decided_by"), pk=write_off_id)


def _label(bill: Bill) -> str:
    return _("%(title)s，欠缴 %(fen)s 元，%(due)s 到期") % {
        "title": title_of(bill),
        "fen": yuan(bill.due_fen),
        "due": f"{bill.due_on}",
    }


def _context(request: HttpRequest, made: Any) -> dict[str, Any]:
    account: Account = made.account
    return {
        "write_off": made,
        "account": account,
        "name": reach.account_name(account),
        "state": recovery_state(made),
        "parts": [(part, title_of(part.bill)) for part in made.parts.select_related("bill")],
        "recoveries": made.recoveries.select_related(
            "payment", "journal__reversed_by", "payment__journal__drawer_movement__receipt__channel"
        ),
        "may_recover": made.recovered_fen < made.amount_fen
        and access.can(request.user, "payment.take"),
        "crumbs": [(_("坏帐核销"), reverse("billing:write_offs")), (made.code, "")],
    }
