"""Invoices of a whole month in one statement, numbered through in the order of the accounts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from psycopg2.extras import Json

from billing.batch import sql
from billing.batch.cover_prepaid import cover_prepaid
from billing.models import Bill
from billing.queries.invoicing import rates_of
from billing.queries.locked import hold_accounts
from billing.services.invoice_books import lock_book
from bss.kernel import audit
from bss.kernel.periods import Month, business_date


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedInvoices:
    """How many invoices were issued, and what they come to. Units: fen."""

    invoices: int
    amount_fen: int


@transaction.atomic
def issue_month(
    *,
    month: Month,
    at: datetime,
    book_id: int | None = None,
    account_ids: Collection[int] | None = None,
    by_id: int | None = None,
) -> IssuedInvoices:
    """Invoice whatever is left of the month's bills, one invoice each; again, it does nothing.

    Source: BIL-3, BIL-4.
    Locks:  the accounts, the book.
    Raises: BadInputError without a book.
    """
    if account_ids is None:
        account_ids = Bill.objects.filter(month=month.first_day).values_list("account", flat=True)
    ids = sorted(set(account_ids))
    hold_accounts(ids)
    cover_prepaid(account_ids=ids, at=at)
    book = lock_book(book_id, at=at)
    [(invoices, amount_fen)] = sql.run(
        "issue_invoices",
        {
            "month": month.first_day,
            "accounts": ids,
            "first_number": book.next_number,
            "book": book.pk,
            "rates": Json(rates_of(month)),
            "on": business_date(at),
            "at": at,
            "by": by_id,
        },
    )
    done = IssuedInvoices(invoices=invoices, amount_fen=amount_fen)
    audit.record(
        action="invoice.issue_month",
        subject=f"invoice_book:{book.pk}",
        staff_id=by_id,
        at=at,
        detail={"month": str(month), "invoices": invoices, "amount_fen": amount_fen},
    )
    return done
