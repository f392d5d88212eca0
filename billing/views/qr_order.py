"""扫码收款: a code for the customer to scan, and what has become of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from billing.gateways.configured import gateway, offered, simulated
from billing.gateways.protocol import GatewayError
from billing.models import Account, GatewayOrder
from billing.queries.accounts import account_view
from billing.services import gateway_looks, gateway_orders, gateway_settling
from billing.views import reach
from billing.views.qr_forms import QrForm
from billing.views.qr_picture import qr_picture
from billing.views.till import till_of
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_part, render_refused
from bss.kernel.rulebook import RefusedError
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan

NEW = "billing/qr_new.html"
PAGE = "billing/qr.html"
NOTICES_SHOWN = 10
SILENT = gettext_noop("网关没有应答，什么都没有改变；请稍后再查。")
State = GatewayOrder.State


@requires("payment.take")
def new_qr(request: HttpRequest, code: str) -> HttpResponse:
    """The form, filled with what is due; posting it asks the gateway for a code."""
    account = reach.account_or_404(request.user, code)
    names = offered()
    if request.method != "POST":
        due_fen = account_view(account.pk, at=clock.now()).due_fen
        form = QrForm(offered=names, initial={"amount": yuan(due_fen) if due_fen else ""})
        return render(request, NEW, _new_context(account, form))
    form = QrForm(request.POST, offered=names)
    if not form.is_valid():
        return render_refused(request, NEW, _new_context(account, form))
    try:
        order = gateway_orders.open_order(
            account_id=account.pk,
            amount_fen=form.cleaned_data["amount"],
            gateway=gateway(form.cleaned_data["gateway"]),
            key=_key(request),
            at=clock.now(),
            now=clock.real_now(),
            channel_id=till_of(request.user),
            notify_url=notify_url(form.cleaned_data["gateway"]),
            by_id=request.user.pk,
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, NEW, _new_context(account, form), refused=refused)
    except GatewayError:
        silent = BadInputError(("gateway", _(SILENT)))
        return render_refused(request, NEW, _new_context(account, form), refused=silent)
    return redirect("billing:qr", number=order.number)


@requires("account.view")
def qr_page(request: HttpRequest, number: str) -> HttpResponse:
    """The code while it waits; the page looks at our own record only, every few seconds."""
    return render_part(request, PAGE, "order", _context(request, _order_or_404(request, number)))


@require_POST
@requires("payment.take")
def look_at_qr(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the gateway now; an order without a code gets one."""
    order = _order_or_404(request, number)
    if order.state == State.OPEN and not order.code_url:
        return _asked(
            request,
            order,
            lambda: gateway_orders.fetch_code(
                order,
                gateway=gateway(order.gateway),
                at=clock.now(),
                notify_url=notify_url(order.gateway),
            ),
        )
    return _asked(
        request,
        order,
        lambda: gateway_looks.look(
            order, gateway=gateway(order.gateway), at=clock.now(), now=clock.real_now()
        ),
    )


@require_POST
@requires("payment.take")
def close_qr(request: HttpRequest, number: str) -> HttpResponse:
    """The customer pays otherwise: close the code, at the gateway first."""
    order = _order_or_404(request, number)
    if order.state != State.OPEN:
        return redirect("billing:qr", number=order.number)
    return _asked(
        request,
        order,
        lambda: gateway_looks.close(order, gateway=gateway(order.gateway), at=clock.now()),
    )


@require_POST
@requires("reconciliation.handle")
def accept_qr(request: HttpRequest, number: str) -> HttpResponse:
    """Book what the gateway really took."""
    order = _order_or_404(request, number)
    try:
        gateway_settling.accept_amount(
            order_id=order.pk,
            at=clock.now(),
            by_id=request.user.pk,  # type: ignore[arg-type]
        )
    except (RefusedError, BadInputError) as refused:
        return render_refused(request, PAGE, _context(request, order), refused=refused)
    messages.success(request, _("已按实收金额入帐。"))
    return redirect("billing:qr", number=order.number)


@requires("payment.take")
def qr_slip(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of a paid code, 80 mm wide; one that is not paid has none (404)."""
    order = get_object_or_404(_reached(request), number=number, state=State.PAID)
    context = {"order": order, "account": order.account, "name": reach.account_name(order.account)}
    return render(request, "billing/qr_slip.html", context)


def notify_url(name: str) -> str:
    """Where a gateway tells us that somebody has paid."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("billing:gateway_notice", args=[name])


def _asked(request: HttpRequest, order: GatewayOrder, ask: Any) -> HttpResponse:
    try:
        ask()
    except GatewayError:
        silent = BadInputError(("", _(SILENT)))
        return render_refused(request, PAGE, _context(request, order), refused=silent)
    if order.state == State.OPEN and not order.problem:
        messages.info(request, _("客户还没有付款。"))
    return redirect("billing:qr", number=order.number)


def _reached(request: HttpRequest) -> Any:
    rows = GatewayOrder.objects.filter(in_scope(request.user, customer="account__owner__"))
    return rows.select_related("account__owner", "asked_by", "channel", "payment")


def _order_or_404(request: HttpRequest, number: str) -> GatewayOrder:
    order: GatewayOrder = get_object_or_404(_reached(request), number=number)
    return order


def _key(request: HttpRequest) -> str:
    """The form's own key; without one there is no telling a second click from a second order."""
    key = request.POST.get("request_key", "").strip()
    if not key:
        raise BadInputError(("request_key", _("表单已失效，请重新打开收款页面。")))
    return f"qr-{key}"[:80]


def _new_context(account: Account, form: QrForm) -> dict[str, Any]:
    return {
        "account": account,
        "form": form,
        "name": reach.account_name(account),
        "view": account_view(account.pk, at=clock.now()),
        "offered": offered(),
        "minutes": settings.QR_VALID_MINUTES,
        "crumbs": [
            (_("帐户"), reverse("billing:list")),
            (account.code, reverse("billing:account", args=[account.code])),
            (_("扫码收款"), ""),
        ],
    }


def _context(request: HttpRequest, order: GatewayOrder) -> dict[str, Any]:
    waiting = order.state == State.OPEN
    expired = waiting and order.expires_at <= clock.real_now()
    code = waiting and not expired and order.code_url
    return {
        "order": order,
        "account": order.account,
        "name": reach.account_name(order.account),
        "notices": list(order.notices.order_by("pk")[:NOTICES_SHOWN]),
        "refunds": list(order.refunds.select_related("refund").order_by("pk")),
        "may_refund": order.state == State.PAID and access.can(request.user, "refund.make"),
        "waiting": waiting,
        "may_take": access.can(request.user, "payment.take"),
        "expired": expired,
        "picture": qr_picture(order.code_url) if code else "",
        "pay_there": order.code_url if code and simulated(order.gateway) else "",
        "may_accept": order.state == State.DISPUTED
        and access.can(request.user, "reconciliation.handle"),
        "crumbs": [
            (_("扫码订单"), reverse("billing:qr_orders")),
            (order.account.code, reverse("billing:account", args=[order.account.code])),
            (order.number, ""),
        ],
    }
