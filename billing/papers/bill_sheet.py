"""A bill as data for the printing house's template (``templates/press/bills.typ``)."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

FROM_RECORDS = "按话单计费，详单可在营业厅或网上查询"


def bill_sheet(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What ``templates/papers/bill.html`` makes of the same facts, as plain data.

    Units: fen; moments local.
    """
    bill, view, account = facts["bill"], facts["view"], facts["account"]
    return {
        "account": account.code,
        "kind": _(account.get_kind_display()),
        "title": facts["title"],
        "heading": _("%(year)s 年 %(month)s 月电信业务帐单")
        % {"year": bill.month.year, "month": bill.month.month},
        "holder": facts["holder"],
        "total_fen": bill.total_fen,
        "paid_fen": bill.paid_fen,
        "due_fen": bill.due_fen,
        "tax_fen": view.tax_fen,
        "due_on": bill.due_on.isoformat(),
        "issued_at": f"{localtime(bill.issued_at):%Y-%m-%d %H:%M}",
        "sections": [_section(section, lines) for section, lines in facts["sections"]],
        "paid_by": [
            {
                "name": _("公用账本") if share.kind == "public" else share.name,
                "gift_fen": share.gift_fen,
                "cash_fen": share.cash_fen,
                "amount_fen": share.amount_fen,
            }
            for share in facts["paid_by"]
        ],
    }


def _section(section: Any, lines: Any) -> dict[str, Any]:
    user = section.subscription
    return {
        "number": user.number if user else _("帐户"),
        "service": _(user.get_service_display()) if user else "",
        "amount_fen": section.amount_fen,
        "lines": [
            {
                "item": _(line.get_item_display()),
                "why": "\n".join(reason.text for reason in reasons) or _(FROM_RECORDS),
                "amount_fen": line.amount_fen,
                "tax_fen": line.tax_fen,
            }
            for line, reasons in lines
        ],
    }
