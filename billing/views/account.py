"""B1 帐户: ledgers with their running entries, six bills, whom it pays, payments."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Account, Ledger, LedgerRelease, Payment, PayRelation
from billing.papers.bill_facts import title_of
from billing.papers.ledger_words import ledger_name, scope_words
from billing.queries.accounts import account_view, movements_of
from billing.queries.bills import bills_shown, unpaid_bills
from billing.queries.till import journals_in_open_drawer
from billing.views import reach
from billing.views.bill import state_of
from billing.views.bill_changes import change_card
from billing.views.by_hand import by_hand_of
from bss.kernel import access, clock
from bss.kernel.access import requires
from bss.kernel.periods import Month
from customers.queries.shown_names import shown_name

ENTRIES_SHOWN = 30
PAYMENTS_SHOWN = 20


@requires("account.view")
def account_page(request: HttpRequest, code: str) -> HttpResponse:
    """The account whole; ``?ledger=`` says whose entries are shown."""
    account = reach.account_or_404(request.user, code)
    return render(request, "billing/account.html", account_context(request, account))


def account_context(request: HttpRequest, account: Account) -> dict[str, Any]:
    """What the page shows."""
    at = clock.now()
    view = account_view(account.pk, at=at)
    bills = list(bills_shown(account.pk, month=Month.of(at)))
    shown = _ledger_shown(request, view.ledgers)
    movements = list(movements_of(shown.pk)[: ENTRIES_SHOWN + 1]) if shown else []
    payments = list(_payments_of(account)[:PAYMENTS_SHOWN])
    return {
        "account": view.account,
        "view": view,
        "name": reach.account_name(view.account),
        "holder": shown_name(view.account.owner),
        "ledger": shown,
        "ledger_tabs": [
            (str(row.ledger.pk), ledger_name(row.ledger), f"?ledger={row.ledger.pk}#entries")
            for row in view.ledgers
        ],
        "movements": movements[:ENTRIES_SHOWN],
        "more_movements": len(movements) > ENTRIES_SHOWN,
        "ledgers": [
            (row, ledger_name(row.ledger), scope_words(row.ledger)) for row in view.ledgers
        ],
        "changed": change_card(bills),
        "releases": LedgerRelease.objects.filter(
            target__account=account, state=LedgerRelease.State.TO_COME
        )
        .select_related("target")
        .order_by("month", "id")[:12],
        "bills": [(bill, title_of(bill), state_of(bill)) for bill in bills],
        "unpaid": [
            (bill, title_of(bill), state_of(bill))
            for bill in unpaid_bills(account.pk)
            if bill not in bills
        ],
        "bars": [
            (str(Month.of(bill.month)), bill.total_fen, "bad" if bill.due_fen else "")
            for bill in bills[::-1]
            if bill.month
        ],
        "relations": PayRelation.objects.filter(account=account)
        .select_related("subscription")
        .order_by("-valid_from", "subscription_id"),
        "payments": payments,
        "by_hand": by_hand_of(request.user, account),
        "may_pay": access.can(request.user, "payment.take"),
        "may_see_credit": access.can(request.user, "credit.view"),
        "may_invoice": access.can(request.user, "invoice.issue"),
        "reversible": reversible_by(request.user, payments),
        "may_sign": access.can(request.user, "mandate.sign"),
        "may_grant": access.can(request.user, "ledger.grant")
        and account.kind == Account.Kind.UNIFIED,
        "now": at,
        "crumbs": [(_("帐户"), reverse("billing:list")), (account.code, "")],
    }


def reversible_by(staff: Any, payments: list[Payment]) -> set[int]:
    """Which of these this person may reverse. Source: PAY-2."""
    if not access.can(staff, "payment.reverse"):
        return set()
    if access.can(staff, "till.confirm"):
        return {payment.pk for payment in payments}
    own = journals_in_open_drawer(staff.pk)
    return {payment.pk for payment in payments if payment.journal_id in own}


def _payments_of(account: Account) -> QuerySet[Payment]:
    """With the receipts of those that a desk took."""
    return Payment.objects.filter(account=account).select_related(
        "ledger", "channel", "taken_by", "journal__drawer_movement__receipt__channel"
    )


def _ledger_shown(request: HttpRequest, ledgers: Any) -> Ledger | None:
    asked = request.GET.get("ledger", "")
    for row in ledgers:
        if str(row.ledger.pk) == asked:
            return row.ledger  # type: ignore[no-any-return]
    return ledgers[0].ledger if ledgers else None
