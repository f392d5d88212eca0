"""退款: money goes back, out of the drawer or by the bank; the paper that the customer signs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.models import Account, GatewayOrder, Refund
from billing.money_kinds import REFUND, sealed_account
from billing.queries.refundable import refundable
from billing.queries.till import open_shift_of
from billing.services import refund_transfers, refunds
from billing.services.by_hand import needs_second
from billing.services.gateway_refunds import check_left, find_order, refundable_orders
from billing.services.refunds import Payee
from billing.views import reach
from billing.views.by_hand import account_facts, put_before_another
from billing.views.by_hand_forms import RefundForm, SettleRefundForm, limit_words
from billing.views.invoice_split import form_key
from billing.views.sending_back import send_now
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.masking import masked_name
from bss.kernel.pages.paper import hand_out
from bss.kernel.pages.render import render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan
from customers.models import Customer

FORM, PAGE = "billing/refund_new.html", "billing/refund.html"
GATEWAY = Refund.Means.GATEWAY


@requires("refund.make")
def refund_new(request: HttpRequest, code: str) -> HttpResponse:
    """The form, filled with what is free; from the limit on a second person decides."""
    account = reach.account_or_404(request.user, code)
    found = refundable(account, at=clock.now())
    orders = refundable_orders(account)
    wanted = request.GET.get("order", "")
    left_fen = next((left for order, left in orders if order.number == wanted), found.free_fen)
    free_fen = min(found.free_fen, left_fen)
    initial = {
        "order": wanted,
        "amount": yuan(free_fen) if free_fen else "",
        # A person's name is not shown in clear; the desk asks for it.
        "payee_name": account.owner.name if account.owner.kind == "enterprise" else "",
    }
    form = RefundForm(
        request.POST or None, initial=initial, orders=[_choice(*one) for one in orders]
    )
    form.fields["amount"].help_text = limit_words("refund", request.user.pk)  # type: ignore[arg-type]
    context = {
        **account_facts(account, _("退款")),
        "form": form,
        "found": found,
        "shift": open_shift_of(request.user.pk),
    }
    if request.method != "POST":
        return render(request, FORM, context)
    if not form.is_valid():
        return render_refused(request, FORM, context)
    try:
        return _give_back(request, account, form.cleaned_data)
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, FORM, context, refused=refused)


def _give_back(request: HttpRequest, account: Account, asked: dict[str, Any]) -> HttpResponse:
    at, staff_id = clock.now(), int(request.user.pk)  # type: ignore[arg-type]
    payee = Payee(
        name=asked["payee_name"], bank=asked["payee_bank"], account=asked["payee_account"]
    )
    wanted: dict[str, Any] = {
        "account_id": account.pk,
        "amount_fen": asked["amount"],
        "means": asked["means"],
        "reason_id": asked["reason"].pk,
        "remark": asked["remark"],
        "order_number": asked["order"],
    }
    refunds.check_refund(amount_fen=asked["amount"], means=asked["means"], payee=payee)
    refunds.check_free(
        refundable(account, at=at), amount_fen=asked["amount"], reason=asked["reason"]
    )
    if asked["means"] == GATEWAY:
        order = find_order(asked["order"], account_id=account.pk)
        check_left(order, amount_fen=asked["amount"])
    if needs_second("refund", rule="PAY-4", by_id=staff_id, amount_fen=asked["amount"]):
        payload = wanted | {
            "maker_id": staff_id,
            "payee_name": payee.name,
            "payee_bank": payee.bank,
            "payee_account": sealed_account(account, payee.account),
            "tail": payee.account[-4:],
        }
        return put_before_another(
            request, kind=REFUND, payload=payload, reason=asked["reason"], remark=asked["remark"]
        )
    made = refunds.refund(**wanted, payee=payee, key=form_key(request), at=at, by_id=staff_id)
    if made.means == GATEWAY:
        send_now(request, made.at_gateway)
    else:
        messages.success(request, _("已退款 %(amount)s 元。") % {"amount": yuan(made.amount_fen)})
    return redirect("billing:refund", refund_id=made.pk)


def _choice(order: GatewayOrder, left_fen: int) -> tuple[str, str]:
    """An online payment as the form offers it."""
    words = _("%(at)s %(gateway)s %(paid)s 元，可退 %(left)s 元") % {
        "at": f"{localtime(order.paid_at):%Y-%m-%d %H:%M}",
        "gateway": _(order.get_gateway_display()),
        "paid": yuan(order.paid_fen or 0),
        "left": yuan(left_fen),
    }
    return order.number, words


@requires("account.view")
def refund_page(request: HttpRequest, refund_id: int) -> HttpResponse:
    """Where it stands, and what is to be done next."""
    made = refund_or_404(request.user, refund_id)
    return render(request, PAGE, context_of(request, made, SettleRefundForm()))


@require_POST
@requires("refund.settle")
def settle_refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The bank has paid it."""
    made = refund_or_404(request.user, refund_id)
    form = SettleRefundForm(request.POST)
    if not form.is_valid():
        return render_refused(request, PAGE, context_of(request, made, form))
    try:
        refund_transfers.settle_refund(
            refund_id=made.pk,
            bank_reference=form.cleaned_data["bank_reference"],
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, PAGE, context_of(request, made, form), refused=refused)
    messages.success(request, _("已登记银行付款。"))
    return redirect("billing:refund", refund_id=made.pk)


@require_POST
@requires("refund.settle")
def return_refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The bank could not pay it: the money is in the account again."""
    made = refund_or_404(request.user, refund_id)
    try:
        refund_transfers.return_refund(
            refund_id=made.pk,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except RefusedError as refused:
        context = context_of(request, made, SettleRefundForm())
        return render_refused(request, PAGE, context, refused=refused)
    messages.success(request, _("款项已退回帐户。"))
    return redirect("billing:refund", refund_id=made.pk)


@requires("account.view")
def refund_pdf(request: HttpRequest, refund_id: int) -> HttpResponse:
    """The paper that the customer signs."""
    made = refund_or_404(request.user, refund_id)
    context = _facts(made) | {
        "payee": payee_shown(made) if made.means == GATEWAY else made.payee_name,
        "tail": made.payee_account[-4:],
        "place": _place(made),
    }
    return hand_out(
        request,
        "papers/refund.html",
        context,
        file_name=f"refund-{made.code}.pdf",
        customer_ids=[made.account.owner_id],
        at=clock.now(),
        detail={"refund": made.pk},
        back=reverse("billing:refund", args=[refund_id]),
        marked=False,
    )


def refund_or_404(staff: Any, refund_id: int) -> Refund:
    """Raises: Http404 when there is none, or it is outside of the person's reach."""
    rows = Refund.objects.filter(in_scope(staff, customer="account__owner__"))
    return get_object_or_404(
        rows.select_related(
            "account__owner",
            "reason",
            "by__organisation",
            "approval__decided_by",
            "settled_by",
            "journal__drawer_movement__shift__channel",
            "at_gateway__order",
        ),
        pk=refund_id,
    )


def payee_shown(made: Refund) -> str:
    """The payee as pages name them; persons are masked."""
    if made.means == GATEWAY:
        return _("付款时的%(gateway)s帐户") % {"gateway": _(made.at_gateway.get_gateway_display())}
    if made.account.owner.kind == Customer.Kind.INDIVIDUAL or made.payee_name != (
        made.account.owner.name
    ):
        return masked_name(made.payee_name)
    return made.payee_name


def _place(made: Refund) -> str:
    """The hall whose drawer it came out of, or where the maker works."""
    if (movement := getattr(made.journal, "drawer_movement", None)) is not None:
        return str(movement.shift.channel.name)
    organisation = made.by.organisation if made.by else None
    return organisation.name if organisation else ""


def _facts(made: Refund) -> dict[str, Any]:
    movement = getattr(made.journal, "drawer_movement", None)
    return {
        "refund": made,
        "account": made.account,
        "name": reach.account_name(made.account),
        "movement": movement,
    }


def context_of(request: HttpRequest, made: Refund, form: SettleRefundForm) -> dict[str, Any]:
    return {
        **_facts(made),
        "form": form,
        "payee": payee_shown(made),
        "tail": made.payee_account[-4:],
        "back": getattr(made, "at_gateway", None),
        "may_ask": made.state == Refund.State.PAYABLE and access.can(request.user, "refund.make"),
        "may_settle": made.state == Refund.State.PAYABLE
        and made.means == Refund.Means.TRANSFER
        and access.can(request.user, "refund.settle"),
        "crumbs": [
            (_("退款"), reverse("billing:refunds")),
            (made.code, ""),
        ],
    }
