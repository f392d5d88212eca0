"""原路退回: asking the gateway again, and giving up what it has not heard of."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.gateways.protocol import GatewayError
from billing.models import GatewayRefund
from billing.services import gateway_returns
from billing.views import refund as pages
from billing.views.by_hand_forms import SettleRefundForm
from billing.views.qr_order import SILENT
from billing.views.sending_back import with_gateway
from bss.kernel.access import requires
from bss.kernel.errors import BadInputError
from bss.kernel.pages.render import render_refused

State = GatewayRefund.State


@require_POST
@requires("refund.make")
def ask_refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    """Ask the gateway now; what it has not heard of is sent."""
    return _told(request, refund_id, gateway_returns.send)


@require_POST
@requires("refund.make")
def give_up_refund(request: HttpRequest, refund_id: int) -> HttpResponse:
    """Not by the gateway after all: the money is in the account again."""
    return _told(request, refund_id, gateway_returns.give_up)


def _told(request: HttpRequest, refund_id: int, act: Callable[..., Any]) -> HttpResponse:
    made = pages.refund_or_404(request.user, refund_id)
    back = GatewayRefund.objects.filter(refund=made, state=State.WAITING).first()
    problem: BadInputError | None = None
    try:
        if back is not None:
            with_gateway(back, act)
    except BadInputError as refused:
        problem = refused
    except GatewayError:
        problem = BadInputError(("", _(SILENT)))
    if problem is not None:
        made = pages.refund_or_404(request.user, refund_id)
        context = pages.context_of(request, made, SettleRefundForm())
        return render_refused(request, pages.PAGE, context, refused=problem)
    return redirect("billing:refund", refund_id=refund_id)
