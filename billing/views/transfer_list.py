"""余额转帐: what was moved between accounts, in a list."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Transfer
from billing.views.by_hand_list import AMOUNT, AT, BY, CODE, REASON, ByHandList, shown
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column

TRANSFERS = ByHandList(
    title=gettext_lazy("余额转帐"),
    template="billing/transfer_list.html",
    rows=lambda: Transfer.objects.select_related("source__owner", "target", "reason", "by"),
    columns=(
        CODE,
        AT,
        Column(
            name="source",
            label=gettext_lazy("转出帐户"),
            order_by=("source__code",),
            value=lambda row: row.source.code,
        ),
        Column(
            name="target",
            label=gettext_lazy("转入帐户"),
            order_by=("target__code",),
            value=lambda row: row.target.code,
        ),
        REASON,
        AMOUNT,
        Column(
            name="state",
            label=gettext_lazy("状态"),
            order_by=("reversed_at",),
            value=lambda row: _("已撤销") if row.reversed_at else _("已转帐"),
        ),
        BY,
    ),
    prefix="ZZ",
    customer="source__owner__",
    account="source",
    states=(("stands", "已转帐"), ("reversed", "已撤销")),
    in_state=lambda state: Q(reversed_at__isnull=state == "stands"),
)


@requires("account.view")
def transfer_list(request: HttpRequest) -> HttpResponse:
    """What was moved between accounts."""
    return shown(request, TRANSFERS)
