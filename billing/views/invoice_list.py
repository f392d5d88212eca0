"""发票: all that were issued, the red ones too, as a list that goes out as a file."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.queries.invoicing import STATES, state_of
from billing.views.invoice_forms import InvoiceFilterForm
from billing.views.invoice_reach import buyer_name, invoices_reached_by, number_shown
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.units import yuan

STATE_WORDS = {
    "issued": "已开具",
    "partly_reversed": "部分红冲",
    "reversed": "已红冲",
    "red": "红字",
}

COLUMNS = (
    Column(
        name="number",
        label=gettext_lazy("发票号码"),
        order_by=("book__code", "number"),
        value=lambda invoice: invoice.full_number,
    ),
    Column(
        name="issued",
        label=gettext_lazy("开票时间"),
        order_by=("issued_at", "pk"),
        value=lambda invoice: f"{localtime(invoice.issued_at):%Y-%m-%d %H:%M}",
    ),
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        order_by=("account__code",),
        value=lambda invoice: invoice.account.code,
    ),
    Column(
        name="buyer",
        label=gettext_lazy("购买方"),
        order_by=("buyer_name",),
        value=buyer_name,
    ),
    Column(
        name="business_number",
        label=gettext_lazy("业务号码"),
        value=number_shown,
    ),
    Column(
        name="amount",
        label=gettext_lazy("价税合计(元)"),
        order_by=("amount_fen",),
        value=lambda invoice: yuan(invoice.amount_fen),
        num=True,
    ),
    Column(
        name="tax",
        label=gettext_lazy("税额(元)"),
        order_by=("tax_fen",),
        value=lambda invoice: yuan(invoice.tax_fen),
        num=True,
    ),
    Column(
        name="state",
        label=gettext_lazy("状态"),
        value=lambda invoice: _(STATE_WORDS[state_of(invoice)]),
    ),
)


@requires("invoice.view")
def invoice_list(request: HttpRequest) -> HttpResponse:
    """The invoices of the accounts this person reaches, the latest first."""
    form = InvoiceFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = _filtered(invoices_reached_by(request.user), asked)
    page = ListPage(request, rows, columns=COLUMNS, sort="-issued", form=form)
    if export := page.exported(gettext_lazy("发票")):
        return export
    return render_part(
        request,
        "billing/invoice_list.html",
        "list",
        {
            "list": page,
            "rows": [
                (invoice, buyer_name(invoice), number_shown(invoice), state_of(invoice))
                for invoice in page.rows
            ],
        },
    )


def _filtered(invoices: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    if asked.get("kind"):
        invoices = invoices.filter(kind=asked["kind"])
    if asked.get("state"):
        invoices = invoices.filter(STATES[asked["state"]])
    if asked.get("book"):
        invoices = invoices.filter(book=asked["book"])
    if asked.get("since"):
        invoices = invoices.filter(issued_at__date__gte=asked["since"])
    if asked.get("until"):
        invoices = invoices.filter(issued_at__date__lte=asked["until"])
    if text := (asked.get("q") or "").strip():
        code, _dash, number = text.rpartition("-")
        wanted = Q(number=int(number)) if number.isdecimal() and len(number) < 16 else Q(pk=None)
        if code:
            wanted &= Q(book__code__iexact=code)
        invoices = invoices.filter(
            wanted
            | Q(account__code__iexact=text)
            | Q(business_number=text)
            | Q(buyer_name__icontains=text)
        )
    return invoices
