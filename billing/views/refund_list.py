"""退款: what was given back, in a list."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Refund
from billing.views.by_hand_list import (
    ACCOUNT,
    AMOUNT,
    AT,
    BY,
    CODE,
    HOLDER,
    REASON,
    ByHandList,
    shown,
)
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column

REFUNDS = ByHandList(
    title=gettext_lazy("退款"),
    template="billing/refund_list.html",
    rows=lambda: Refund.objects.select_related("account__owner", "reason", "by"),
    columns=(
        CODE,
        AT,
        ACCOUNT,
        HOLDER,
        Column(
            name="means",
            label=gettext_lazy("方式"),
            order_by=("means",),
            value=lambda row: _(row.get_means_display()),
        ),
        REASON,
        AMOUNT,
        Column(
            name="state",
            label=gettext_lazy("状态"),
            order_by=("state",),
            value=lambda row: _(row.get_state_display()),
        ),
        BY,
    ),
    prefix="TK",
    states=Refund.State.choices,
    in_state=lambda state: Q(state=state),
    means=Refund.Means.choices,
)


@requires("account.view")
def refund_list(request: HttpRequest) -> HttpResponse:
    """What was given back, and what a bank or a gateway still has to pay."""
    return shown(request, REFUNDS)
