"""托收协议: which accounts are drawn from which bank."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from billing.models import BankMandate
from billing.views import bank_rooms
from billing.views.bank_forms import MandateFilterForm
from bss.kernel.access import requires
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.scope import in_scope
from bss.kernel.units import yuan
from customers.queries.shown_names import shown_name

COLUMNS = (
    Column(
        name="code",
        label=gettext_lazy("协议编号"),
        order_by=("code",),
        value=lambda mandate: mandate.code,
    ),
    Column(
        name="account",
        label=gettext_lazy("帐户"),
        order_by=("account__code",),
        value=lambda mandate: mandate.account.code,
    ),
    Column(
        name="customer",
        label=gettext_lazy("客户"),
        order_by=("account__owner__name",),
        value=lambda mandate: shown_name(mandate.account.owner),
    ),
    Column(name="bank", label=gettext_lazy("银行"), order_by=("bank",), value=bank_rooms.bank_of),
    Column(
        name="number",
        label=gettext_lazy("银行帐号"),
        value=lambda mandate: mandate.masked_number,
    ),
    Column(
        name="limit",
        label=gettext_lazy("单笔限额(元)"),
        order_by=("limit_fen",),
        value=lambda mandate: "" if mandate.limit_fen is None else yuan(mandate.limit_fen),
        num=True,
    ),
    Column(
        name="from",
        label=gettext_lazy("生效日"),
        order_by=("valid_from",),
        value=lambda mandate: mandate.valid_from,
    ),
    Column(
        name="until",
        label=gettext_lazy("终止日"),
        order_by=("valid_until",),
        value=lambda mandate: mandate.valid_until,
    ),
)


@requires("bank.view")
def mandate_list(request: HttpRequest) -> HttpResponse:
    """The mandates of the customers that this person reaches, the latest first."""
    form = MandateFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = BankMandate.objects.filter(in_scope(request.user, customer="account__owner__"))
    page = ListPage(
        request,
        _filtered(rows.select_related("account__owner"), asked),
        columns=COLUMNS,
        sort="-code",
        form=form,
    )
    if export := page.exported(gettext_lazy("托收协议")):
        return export
    context = {
        "list": page,
        "rows": [
            (mandate, bank_rooms.bank_of(mandate), shown_name(mandate.account.owner))
            for mandate in page.rows
        ],
        "tabs": bank_rooms.tabs(),
    }
    return render_part(request, "billing/mandate_list.html", "list", context)


def _filtered(mandates: QuerySet[BankMandate], asked: dict[str, Any]) -> QuerySet[BankMandate]:
    if asked.get("bank"):
        mandates = mandates.filter(bank=asked["bank"])
    if asked.get("state"):
        mandates = mandates.filter(ended_at__isnull=asked["state"] == "in_force")
    if text := (asked.get("q") or "").strip():
        mandates = mandates.filter(
            Q(code__iexact=text)
            | Q(account__code__iexact=text)
            | Q(account__owner__name__icontains=text)
        )
    return mandates
