"""What can be invoiced: of a bill by line and rate, of a payment; what reds left of an invoice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q, Sum
from psycopg2.extras import Json

from billing.models import Bill, Invoice, Ledger, Payment, PayRelation
from billing.rules import house
from billing.rules.invoice_parts import LineLeft, RatePart
from billing.rules.taxation import kind_of_item
from bss.kernel.periods import Month, business_date
from packages_wo.queries.catalogue import NoCatalogueError, catalogue_on


def rates_of(month: Month) -> dict[str, int]:
    """Charge item → rate of VAT in the month (BIL-4); none from before the system."""
    try:
        tax = catalogue_on(month.first_day).tax
    except NoCatalogueError:
        return {}
    return {item: tax.percent_of(kind_of_item(item), on=month.first_day) for item in house.ITEMS}


def lines_left(bill: Bill) -> list[LineLeft]:
    """The bill's lines in their order, those too of which nothing is left."""
    rates: dict[int, list[RatePart]] = {}
    month = Month.of(bill.month or bill.issued_at)
    for line_id, percent, amount_fen, tax_fen in _rows(
        "SELECT * FROM billing_tax_parts(%s::bigint[], %s::jsonb) ORDER BY line_id, percent",
        [[bill.pk], Json(rates_of(month))],
    ):
        part = RatePart(percent=percent, amount_fen=amount_fen, tax_fen=tax_fen)
        rates.setdefault(line_id, []).append(part)
    return [
        LineLeft(line_id=line_id, left_fen=left_fen, rates=tuple(rates.get(line_id, ())))
        for line_id, left_fen in _rows(
            "SELECT line_id, left_fen FROM billing_lines_left(%s::bigint[]) ORDER BY place",
            [[bill.pk]],
        )
    ]


def prepaid_left(payment: Payment) -> int:
    """Fen of the payment for which a prepayment's invoice can be issued now.

    Money that still is in the account, and that no other prepayment's invoice speaks of.
    """
    if payment.reversed_at is not None:
        return 0
    invoiced: int = Invoice.objects.filter(payment=payment).aggregate(
        fen=Sum("amount_fen", default=0)
    )["fen"]
    cash: int = Ledger.objects.filter(account=payment.account_id).aggregate(
        fen=Sum("cash_fen", default=0)
    )["fen"]
    [(spoken_for,)] = _rows(
        "SELECT coalesce(sum(left_fen), 0)::bigint FROM billing_prepaid_left(%s::bigint[])",
        [[payment.account_id]],
    )
    return max(0, min(payment.amount_fen - invoiced, cash - spoken_for))


def main_number(account_id: int, *, at: datetime) -> str:
    """The number an invoice of the account carries when no other is asked for."""
    [(number,)] = _rows("SELECT billing_main_number(%s, %s::date)", [account_id, business_date(at)])
    return str(number)


def business_numbers(account_id: int) -> list[str]:
    """Every number that the account pays or has paid."""
    relations = PayRelation.objects.filter(account=account_id).exclude(subscription__number="")
    numbers = relations.order_by("subscription__number").values_list(
        "subscription__number", flat=True
    )
    return list(dict.fromkeys(numbers))


def with_state(invoices: Any) -> Any:
    """Each with ``red_fen``, what reds took back of it (a positive figure)."""
    return invoices.annotate(red_fen=-Sum("reds__amount_fen", default=0))


def state_of(invoice: Any) -> str:
    """By its reds: issued, partly_reversed, reversed; a red one is red."""
    if invoice.kind == Invoice.Kind.RED:
        return "red"
    if not invoice.red_fen:
        return "issued"
    return "reversed" if invoice.red_fen == invoice.amount_fen else "partly_reversed"


STATES = {
    "issued": Q(red_fen=0) & ~Q(kind="red"),
    "partly_reversed": Q(red_fen__gt=0, red_fen__lt=F("amount_fen")),
    "reversed": Q(red_fen=F("amount_fen")),
    "red": Q(kind="red"),
}


def _rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
