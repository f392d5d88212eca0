"""坏帐核销: what was given up, in a list."""

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from billing.queries.written_off import recovery_state, write_offs
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

STATES = {
    "open": gettext_lazy("未收回"),
    "partly_recovered": gettext_lazy("部分收回"),
    "recovered": gettext_lazy("已收回"),
}
WRITE_OFFS = ByHandList(
    title=gettext_lazy("坏帐核销"),
    template="billing/write_off_list.html",
    rows=write_offs,
    columns=(
        CODE,
        AT,
        ACCOUNT,
        HOLDER,
        REASON,
        AMOUNT,
        Column(
            name="recovered",
            label=gettext_lazy("已收回(元)"),
            order_by=("recovered_fen",),
            value=lambda row: yuan(row.recovered_fen),
            num=True,
        ),
        Column(
            name="state",
            label=gettext_lazy("状态"),
            value=lambda row: str(STATES[recovery_state(row)]),
        ),
        BY,
    ),
    prefix="HX",
    states=tuple(STATES.items()),
    in_state={
        "open": Q(recovered_fen=0),
        "partly_recovered": Q(recovered_fen__gt=0, recovered_fen__lt=F("amount_fen")),
        "recovered": Q(recovered_fen=F("amount_fen")),
    }.__getitem__,
)


@requires("account.view")
def write_off_list(request: HttpRequest) -> HttpResponse:
    """What was given up, and what of it came in after all."""
    return shown(request, WRITE_OFFS)
