"""与上月比较: why a bill is higher or lower than the one before, to be read to the customer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Bill
from billing.papers.bill_facts import title_of
from billing.papers.change_lines import line_words
from billing.papers.change_names import item_name
from billing.papers.change_words import Explanation, Told, explain
from billing.queries.bill_changes import BillChanges, bill_changes
from billing.rules.bill_causes import RULES
from billing.views import reach
from bss.kernel.access import requires
from customers.queries.shown_names import shown_name

BARS_AT_MOST = 7


@requires("account.view")
def bill_changes_page(request: HttpRequest, bill_id: int) -> HttpResponse:
    """The whole answer: what to say, reason by reason, and every line that differs."""
    reach.bill_or_404(request.user, bill_id)
    bill = Bill.objects.select_related("account__owner", "account__subscription").get(pk=bill_id)
    found = bill_changes(bill)
    told = explain(found)
    account = bill.account
    return render(
        request,
        "billing/bill_changes.html",
        {
            "bill": bill,
            "title": title_of(bill),
            "account": account,
            "holder": shown_name(account.owner),
            "found": found,
            "told": told,
            "bars": bars_of(told) if told else [],
            "lines": _lines(found, told) if told else [],
            "total_change_fen": found.difference_fen,
            "crumbs": [
                (_("帐户"), reverse("billing:list")),
                (account.code, reverse("billing:account", args=[account.code])),
                (title_of(bill), reverse("billing:bill", args=[bill.pk])),
                (_("与上月比较"), ""),
            ],
        },
    )


def change_card(bills: list[Bill]) -> dict[str, Any] | None:
    """The answer in short, about the latest of these bills; None where there is none before it."""
    if not bills:
        return None
    found = bill_changes(bills[0])
    told = explain(found)
    if told is None:
        return None
    return {
        "bill": bills[0],
        "found": found,
        "told": told,
        "bars": bars_of(told),
    }


def bars_of(told: Explanation) -> list[tuple[str, int]]:
    """The weightiest reasons as (label, fen), and all others as one."""
    reasons: tuple[Told, ...] = told.reasons
    if len(reasons) <= BARS_AT_MOST:
        return [(one.title, one.difference_fen) for one in reasons]
    first, rest = reasons[: BARS_AT_MOST - 1], reasons[BARS_AT_MOST - 1 :]
    others = _("其余 %(count)s 项") % {"count": len(rest)}
    return [
        *((one.title, one.difference_fen) for one in first),
        (others, sum(one.difference_fen for one in rest)),
    ]


def _lines(found: BillChanges, told: Explanation) -> list[dict[str, Any]]:
    """Each line that differs, the largest difference first."""
    changes = sorted(found.changes, key=lambda change: -abs(change.difference_fen))
    return [
        {
            "change": change,
            "who": told.names.who(change.subscription_id),
            "item": item_name(change.item),
            "why": line_words(change, told.names),
            "rules": RULES.get(change.cause, ()),
        }
        for change in changes
    ]
