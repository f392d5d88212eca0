"""收款 and 冲正: money comes in once per form, and is taken back at most once (PAY-1, PAY-2)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Account, Payment
from billing.queries.accounts import account_view
from billing.queries.till import open_shift_of, taken_in_own_drawer
from billing.services import cash_desk, payments
from billing.views import reach
from billing.views.account import account_context
from billing.views.forms import PaymentForm
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError, refuse
from bss.kernel.units import yuan

TEMPLATE = "billing/pay.html"


@requires("payment.take")
def pay_page(request: HttpRequest, code: str) -> HttpResponse:
    """The form, filled with what is due; posting it takes the money."""
    account = reach.account_or_404(request.user, code)
    if request.method != "POST":
        return render(request, TEMPLATE, _context(request, account, _empty_form(account)))
    form = PaymentForm(request.POST, account=account)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, account, form))
    asked = form.cleaned_data
    try:
        receipt = cash_desk.take(
            account_id=account.pk,
            amount_fen=asked["amount"],
            received_fen=asked["received"],
            reference=asked["reference"],
            ledger_name=asked["ledger"],
            means=asked["means"],
            key=_key(request),
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, TEMPLATE, _context(request, account, form), refused=refused)
    messages.success(request, _("已收款 %(amount)s 元。") % {"amount": yuan(receipt.amount_fen)})
    return redirect("billing:receipt", receipt_id=receipt.pk)


@require_POST
@requires("payment.reverse")
def reverse_payment(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Take a payment back; why it cannot be is said on the account's page."""
    payment = Payment.objects.filter(pk=payment_id).select_related("account").first()
    if payment is None:
        raise Http404(f"no payment {payment_id}")
    account = reach.account_or_404(request.user, payment.account.code)
    supervisor = access.can(request.user, "till.confirm")
    try:
        if not supervisor and not taken_in_own_drawer(payment, request.user.pk):
            raise refuse("PAY-2", "这笔款不是在您的钱箱里收的，请主管冲正")
        payments.reverse(
            key=payment.key, at=clock.now(), by_id=request.user.pk, supervisor=supervisor
        )
    except RefusedError as refused:
        context = account_context(request, account)
        return render_refused(request, "billing/account.html", context, refused=refused)
    messages.success(request, _("已冲正 %(amount)s 元。") % {"amount": yuan(payment.amount_fen)})
    return redirect("billing:account", code=account.code)


def _key(request: HttpRequest) -> str:
    """The form's own key; without one there is no telling a second click from a second payment."""
    key = request.POST.get("request_key", "").strip()
    if not key:
        raise BadInputError(("request_key", _("表单已失效，请重新打开收款页面。")))
    return f"desk-{key}"[:80]


def _empty_form(account: Account) -> PaymentForm:
    due_fen = account_view(account.pk, at=clock.now()).due_fen
    return PaymentForm(account=account, initial={"amount": yuan(due_fen) if due_fen else ""})


def _context(request: HttpRequest, account: Account, form: PaymentForm) -> dict[str, Any]:
    return {
        "shift": open_shift_of(request.user.pk),
        "may_open": access.can(request.user, "till.open"),
        "account": account,
        "form": form,
        "name": reach.account_name(account),
        "view": account_view(account.pk, at=clock.now()),
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (account.code, reverse("billing:account", args=[account.code])),
            (_("收款"), ""),
        ],
    }
