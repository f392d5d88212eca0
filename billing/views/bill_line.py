"""One bill line: why it costs what it does, and the usage records behind it, one by one."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import BillLine
from billing.papers.bill_facts import title_of
from billing.papers.reasons import catalogue_of, reasons_of
from billing.queries.line_terms import LineTerms, terms_of_line
from billing.queries.usage import UsageOfLine, explain_line
from billing.views import reach
from billing.views.usage_words import (
    POOL_WAYS,
    clock_of,
    fee_hao,
    free_units,
    sentence_of,
    sums_by_way,
    unit_of,
    why_of,
)
from bss.kernel import access
from bss.kernel.access import requires
from bss.kernel.masking import masked_number
from bss.kernel.pages.lists import Column, ListPage
from bss.kernel.pages.render import render_part
from bss.kernel.units import yuan, yuan_of_hao
from customers.queries.shown_names import shown_name

CALL_TYPES = {
    "mo": gettext_lazy("主叫"),
    "mt": gettext_lazy("被叫"),
    "cf": gettext_lazy("呼转"),
    "sms": gettext_lazy("短信"),
    "data": gettext_lazy("上网"),
}


class Records(list[UsageOfLine]):
    """Usage records that a list page can order as it orders a queryset."""

    def order_by(self, *names: str) -> "Records":
        rows = Records(self)
        for name in reversed([name for name in names if name != "pk"]):
            rows.sort(key=attrgetter(name.lstrip("-")), reverse=name.startswith("-"))
        return rows


@requires("account.view")
def bill_line(request: HttpRequest, bill_id: int, line_id: int) -> HttpResponse:
    """The line with its reasons and its records; both lists go out as files too."""
    bill = reach.bill_or_404(request.user, bill_id)
    line = (
        BillLine.objects.filter(pk=line_id, bill=bill)
        .select_related("bill__account__owner", "subscription")
        .prefetch_related("shares")
        .first()
    )
    if line is None:
        raise Http404(f"no line {line_id} on bill {bill_id}")
    records = explain_line(line) if line.usage_hao is not None else []
    terms = terms_of_line(line)
    page = ListPage(
        request, Records(records), columns=_columns(line.item, terms), sort="time", per_page=50
    )
    if terms and (export := page.exported(gettext_lazy("话单"))):
        return export
    account = line.bill.account
    return render_part(
        request,
        "billing/bill_line.html",
        "list",
        {
            "line": line,
            "bill": line.bill,
            "account": account,
            "holder": shown_name(account.owner),
            "title": f"{title_of(line.bill)} · {_(line.get_item_display())}",
            "reasons": reasons_of(line, catalogue_of(line.bill)),
            "sums": sums_by_way(records, item=line.item),
            "is_usage": line.usage_hao is not None,
            "rounding": _rounding(line, records),
            "terms": terms,
            "draws_pool": any(record.why.way in POOL_WAYS for record in records),
            "list": page,
            "rows": [_row(record, line.item, terms) for record in page.rows] if terms else [],
            "may_complain": access.can(request.user, "case.handle"),
            "may_adjust": line.amount_fen > 0
            and line.subscription_id is not None
            and access.can(request.user, "adjustment.make"),
            "crumbs": [
                (_("帐户"), reverse("billing:list")),
                (account.code, reverse("billing:account", args=[account.code])),
                (title_of(line.bill), reverse("billing:bill", args=[line.bill_id])),
                (_(line.get_item_display()), ""),
            ],
        },
    )


def _rounding(line: BillLine, records: Iterable[UsageOfLine]) -> str:
    """How the records' hao became the line's fen. Source: GEN-3."""
    if line.usage_hao is None:
        return ""
    return _("%(count)s 条话单合计 %(hao)s 元，四舍五入到分 = %(fen)s 元。") % {
        "count": f"{len(list(records)):,}",
        "hao": yuan_of_hao(line.usage_hao),
        "fen": yuan(line.amount_fen),
    }


def _row(record: UsageOfLine, item: str, terms: LineTerms) -> dict[str, Any]:
    return {
        "record": record,
        "type": CALL_TYPES.get(record.call_type, record.call_type),
        "other": masked_number(record.other_number),
        "free": free_units(record),
        "unit": unit_of(record),
        "hao": fee_hao(record, item),
        "rules": why_of(record, item).rules,
        "sentence": sentence_of(record, terms, item=item),
    }


def _columns(item: str, terms: LineTerms | None) -> tuple[Column, ...]:
    return (
        Column(
            name="time",
            label=_("时间"),
            order_by=("end_at", "record_id"),
            value=lambda r: r.start_at,
        ),
        Column(name="type", label=_("类型"), value=lambda r: CALL_TYPES.get(r.call_type, "")),
        Column(name="other", label=_("对方号码"), value=lambda r: masked_number(r.other_number)),
        Column(
            name="amount_used",
            label=_("时长或流量"),
            order_by=("duration_s", "volume_kb"),
            value=lambda r: f"{r.volume_kb} KB" if r.volume_kb else clock_of(r.duration_s),
            num=True,
        ),
        Column(name="free", label=_("免费"), value=free_units, num=True),
        Column(
            name="charged",
            label=_("收费"),
            order_by=("charged_units",),
            value=lambda r: r.charged_units,
            num=True,
        ),
        Column(
            name="fee",
            label=_("金额(元)"),
            order_by=("amount_hao", "info_fee_hao"),
            value=lambda r: yuan_of_hao(fee_hao(r, item)),
            num=True,
        ),
        Column(
            name="why",
            label=_("为什么"),
            value=lambda r: _why_text(r, item, terms) if terms else "",
        ),
    )


def _why_text(record: UsageOfLine, item: str, terms: LineTerms) -> str:
    rules = " ".join(why_of(record, item).rules)
    return f"{sentence_of(record, terms, item=item)} ({rules})"
