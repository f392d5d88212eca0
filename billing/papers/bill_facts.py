"""What a bill says, on its page and on its papers."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from billing.models import Bill
from billing.papers.reasons import catalogue_of, reasons_of
from billing.queries.bills import BillView
from billing.queries.paid_by import LedgerShare, paid_by_ledger
from bss.kernel.periods import Month
from customers.queries.shown_names import shown_name
from packages_wo.rules.catalogue import Catalogue


def bill_facts(view: BillView) -> dict[str, Any]:
    """What the page and the paper both show."""
    return facts_of(view, catalogue=catalogue_of(view.bill), paid_by=paid_by_ledger(view.bill.pk))


def facts_of(
    view: BillView, *, catalogue: Catalogue | None, paid_by: Sequence[LedgerShare]
) -> dict[str, Any]:
    """``bill_facts`` of a bill whose catalogue and payments are already there."""
    bill = view.bill
    return {
        "bill": bill,
        "view": view,
        "account": bill.account,
        "holder": shown_name(bill.account.owner),
        "title": title_of(bill),
        "sections": [
            (section, [(line, reasons_of(line, catalogue)) for line in section.lines])
            for section in view.sections
        ],
        "paid_by": paid_by,
    }


def title_of(bill: Bill) -> str:
    """As lists and heads call it."""
    if bill.month is None:
        return _("期初欠费")
    return _("%(month)s 帐单") % {"month": Month.of(bill.month)}
