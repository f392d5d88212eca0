"""收款 and 冲正: money comes in once per form, and is taken back at most once (PAY-1, PAY-2)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Account, Payment
from billing.money_kinds import REVERSE
from billing.papers.bill_facts import title_of
from billing.queries.accounts import account_view
from billing.queries.forecast import Forecast, forecast
from billing.queries.till import open_shift_of, taken_in_own_drawer
from billing.queries.written_off import open_write_offs
from billing.services import cash_desk, payments
from billing.services.by_hand import needs_second
from billing.views import reach
from billing.views.account import account_context
from billing.views.forms import PaymentForm
from billing.views.sending_back import reversed_at_gateway, send_now
from bss.kernel import access, approvals, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.rulebook import RefusedError, refuse
from bss.kernel.units import parse_yuan_fen, yuan
from customers.models import Subscription

TEMPLATE = "billing/pay.html"
PREVIEWED_FEN_AT_MOST = 10**12
REVERSE_REASON = "冲正收款"
TERMINATED = Subscription.State.TERMINATED


@requires("payment.take")
def pay_page(request: HttpRequest, code: str) -> HttpResponse:
    """The form, filled with what is due, and what it would do; posting it takes the money."""
    account = reach.account_or_404(request.user, code)
    if request.method != "POST":
        form = _empty_form(request, account)
        return render_part(request, TEMPLATE, "forecast", _context(request, account, form))
    form = PaymentForm(request.POST, account=account)
    if not form.is_valid():
        return render_refused(request, TEMPLATE, _context(request, account, form))
    if request.POST.get("act") == "check":
        return render(request, TEMPLATE, _context(request, account, form))
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
        if _takes_two(request, payment):
            return _ask(request, payment)
        payments.reverse(
            key=payment.key, at=clock.now(), by_id=request.user.pk, supervisor=supervisor
        )
    except (RefusedError, BadInputError) as refused:
        context = account_context(request, account)
        return render_refused(request, "billing/account.html", context, refused=refused)
    messages.success(request, _("已冲正 %(amount)s 元。") % {"amount": yuan(payment.amount_fen)})
    if (back := reversed_at_gateway(payment)) is not None:
        send_now(request, back)
        return redirect("billing:refund", refund_id=back.refund_id)
    return redirect("billing:account", code=account.code)


def _takes_two(request: HttpRequest, payment: Payment) -> bool:
    """Beyond the person's limit, a second one decides; what is reversed already is said so."""
    return payment.reversed_at is None and needs_second(
        "reversal", rule="PAY-2", by_id=request.user.pk, amount_fen=payment.amount_fen
    )


def _ask(request: HttpRequest, payment: Payment) -> HttpResponse:
    approval = approvals.ask(
        kind=REVERSE,
        payload={"payment_id": payment.pk},
        asked_by_id=request.user.pk,  # type: ignore[arg-type]
        at=clock.now(),
        reason=request.POST.get("reason", "").strip() or REVERSE_REASON,
    )
    messages.success(request, _("已提交审批，批准后即办理。"))
    return redirect("oversight:approval", pk=approval.pk)


def _key(request: HttpRequest) -> str:
    """The form's own key; without one there is no telling a second click from a second payment."""
    key = request.POST.get("request_key", "").strip()
    if not key:
        raise BadInputError(("request_key", _("表单已失效，请重新打开收款页面。")))
    return f"desk-{key}"[:80]


def _empty_form(request: HttpRequest, account: Account) -> PaymentForm:
    """With what is due, or with what the address says."""
    due_fen = account_view(account.pk, at=clock.now()).due_fen
    initial = {"amount": yuan(due_fen) if due_fen else ""}
    said = {name: request.GET[name] for name in ("amount", "ledger") if request.GET.get(name)}
    return PaymentForm(account=account, initial=initial | said)


def _forecast(account: Account, form: PaymentForm) -> Forecast:
    """What the amount that stands in the form would do; nothing readable is nothing."""
    try:
        amount_fen = max(0, parse_yuan_fen(str(form["amount"].value() or "0")))
    except ValueError:
        amount_fen = 0
    return forecast(
        account.pk,
        amount_fen=min(amount_fen, PREVIEWED_FEN_AT_MOST),
        on=clock.today(),
        ledger_name=form["ledger"].value() or None,
    )


def _context(request: HttpRequest, account: Account, form: PaymentForm) -> dict[str, Any]:
    expected = _forecast(account, form)
    view = account_view(account.pk, at=clock.now())
    return {
        "pays_nobody": all(one.state == TERMINATED for one in view.subscriptions),
        "forecast": expected,
        "shares": [(share, title_of(share.bill)) for share in expected.bills],
        "given_up": open_write_offs(account.pk),
        "shift": open_shift_of(request.user.pk),
        "may_open": access.can(request.user, "till.open"),
        "account": account,
        "form": form,
        "name": reach.account_name(account),
        "view": view,
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (account.code, reverse("billing:account", args=[account.code])),
            (_("收款"), ""),
        ],
    }
