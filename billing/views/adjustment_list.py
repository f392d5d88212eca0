"""调帐: what was corrected on later bills, in a list."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from billing.models import Adjustment
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
from bss.kernel.units import yuan

ADJUSTMENTS = ByHandList(
    title=gettext_lazy("调帐"),
    template="billing/adjustment_list.html",
    rows=lambda: Adjustment.objects.select_related(
        "account__owner", "reason", "by", "bill_line__bill"
    ),
    columns=(
        CODE,
        AT,
        ACCOUNT,
        HOLDER,
        Column(
            name="month",
            label=gettext_lazy("记入月份"),
            order_by=("month", "pk"),
            value=lambda row: f"{row.month:%Y-%m}",
        ),
        REASON,
        AMOUNT,
        Column(
            name="tax",
            label=gettext_lazy("其中税额(元)"),
            value=lambda row: yuan(row.tax_fen),
            num=True,
        ),
        BY,
    ),
    prefix="TZ",
    states=(("credit", "减免"), ("debit", "补收")),
    in_state=lambda state: Q(amount_fen__lt=0) if state == "credit" else Q(amount_fen__gt=0),
)


@requires("account.view")
def adjustment_list(request: HttpRequest) -> HttpResponse:
    """What was corrected on later bills."""
    return shown(request, ADJUSTMENTS)
