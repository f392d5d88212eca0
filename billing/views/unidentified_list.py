"""不明来款: money that nobody is known for, the oldest first, by how long it waits."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import UnidentifiedPayment
from billing.queries.unidentified import ageing, found
from billing.views import bank_rooms
from billing.views.bank_forms import UnidentifiedFilterForm
from bss.kernel import clock
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.redaction import redacted
from bss.kernel.units import yuan

COLUMNS = (
    Column(
        name="reference",
        label=gettext_lazy("流水号"),
        order_by=("line__reference", "trade_no"),
        value=lambda money: money.reference,
    ),
    Column(
        name="arrived",
        label=gettext_lazy("到帐日期"),
        order_by=("arrived_on", "pk"),
        value=lambda money: money.arrived_on,
    ),
    Column(
        name="source",
        label=gettext_lazy("来源"),
        order_by=("source",),
        value=bank_rooms.source_of,
    ),
    Column(
        name="payer",
        label=gettext_lazy("付款人"),
        order_by=("line__payer_name",),
        value=lambda money: bank_rooms.payer_shown(money.line.payer_name) if money.line else "",
    ),
    Column(
        name="remark",
        label=gettext_lazy("附言或订单号"),
        value=lambda money: redacted(money.line.remark) if money.line else money.number,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        order_by=("state",),
        value=lambda money: _(money.get_state_display()),
    ),
    Column(
        name="amount",
        label=gettext_lazy("金额(元)"),
        order_by=("amount_fen",),
        value=lambda money: yuan(money.amount_fen),
        num=True,
    ),
)


@requires("bank.view")
def unidentified_list(request: HttpRequest) -> HttpResponse:
    """The brackets of age, and the list."""
    form = UnidentifiedFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    today = clock.today()
    rows: QuerySet[UnidentifiedPayment] = found(asked, on=today)
    page = ListPage(request, rows, columns=COLUMNS, sort="arrived", form=form)
    if export := page.exported(gettext_lazy("不明来款")):
        return export
    context = {
        "list": page,
        "rows": [
            (
                money,
                bank_rooms.source_of(money),
                bank_rooms.payer_shown(money.line.payer_name) if money.line else "",
                (today - money.arrived_on).days,
            )
            for money in page.rows
        ],
        "ageing": [
            (_(one.age.label), one, page.url(age=one.age.code, state="open", page=None))
            for one in ageing(today)
        ],
        "tabs": bank_rooms.tabs(),
    }
    return render_part(request, "billing/unidentified_list.html", "list", context)
