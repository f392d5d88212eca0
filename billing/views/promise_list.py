"""承诺缴费: who will pay until when, in a list."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Promise
from billing.views.by_hand_list import ACCOUNT, AMOUNT, HOLDER, ByHandList, shown, when
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column

PROMISES = ByHandList(
    title=gettext_lazy("承诺缴费"),
    template="billing/promise_list.html",
    rows=lambda: Promise.objects.select_related("account__owner", "made_by"),
    columns=(
        when("made_at"),
        ACCOUNT,
        HOLDER,
        Column(
            name="until",
            label=gettext_lazy("承诺日期"),
            order_by=("until", "pk"),
            value=lambda row: row.until,
        ),
        AMOUNT,
        Column(
            name="state",
            label=gettext_lazy("状态"),
            order_by=("outcome",),
            value=lambda row: _(row.get_outcome_display()),
        ),
        Column(name="by", label=gettext_lazy("经办人"), value=lambda row: str(row.made_by or "")),
    ),
    prefix="",
    moment="made_at",
    states=Promise.Outcome.choices,
    in_state=lambda state: Q(outcome=state),
)


@requires("account.view")
def promise_list(request: HttpRequest) -> HttpResponse:
    """Who will pay until when, who did, who did not."""
    return shown(request, PROMISES)
