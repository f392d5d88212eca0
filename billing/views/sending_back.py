"""What goes back by a gateway is sent right after it was recorded, and its outcome said."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from billing.gateways.configured import gateway
from billing.gateways.protocol import GatewayError
from billing.models import GatewayRefund, Payment
from billing.services import gateway_returns
from bss.kernel import clock

State = GatewayRefund.State


def send_now(request: HttpRequest, back: GatewayRefund) -> None:
    """Right after it was recorded; a gateway that is silent now is asked by the minute's job."""
    with suppress(GatewayError):
        with_gateway(back, gateway_returns.send)
    back.refresh_from_db()
    if back.state == State.DONE:
        messages.success(request, _("网关已原路退回。"))
    elif back.problem:
        messages.warning(request, _(back.get_problem_display()))
    else:
        messages.info(request, _("已交网关原路退回，结果会自动更新。"))


def reversed_at_gateway(payment: Payment) -> GatewayRefund | None:
    """What a reversal has asked the gateway to send back."""
    backs = GatewayRefund.objects.filter(order__payment=payment)
    return backs.filter(refund__key=f"reversal:{payment.pk}").first()


def with_gateway(back: GatewayRefund, act: Callable[..., Any]) -> None:
    """Do something about it with its own gateway. Raises: GatewayError, and what ``act`` does."""
    act(back, gateway=gateway(back.gateway), at=clock.now(), now=clock.real_now())
