"""What of an account's money can be given back, or moved elsewhere, and why not all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Sum

from billing.models import Account, Charge, ClosedMonth, Invoice, Ledger, PayRelation
from billing.queries.debts import due_fen
from bss.kernel.periods import Month
from customers.models import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Refundable:
    """Cash of the public ledger, and what claims it. Units: fen."""

    cash_fen: int
    invoiced_fen: int
    due_fen: int
    invoices: tuple[Invoice, ...]
    alive: int
    last_bill_to_come: bool

    @property
    def free_fen(self) -> int:
        """What no debt and no prepayment's invoice claims."""
        return max(0, self.cash_fen - self.invoiced_fen - self.due_fen)

    @property
    def ended(self) -> bool:
        """The account pays for nobody any more."""
        return not self.alive


def refundable(account: Account, *, at: datetime) -> Refundable:
    """How the account stands. Source: PAY-4."""
    cash = dict(
        Ledger.objects.filter(account=account).values_list("kind").annotate(Sum("cash_fen"))
    )
    public_fen = cash.get(Ledger.Kind.PUBLIC, 0)
    open_fen, invoices = _spoken_for(account.pk)
    elsewhere_fen = sum(cash.values()) - public_fen
    alive = _alive(account.pk, at=at)
    return Refundable(
        cash_fen=public_fen,
        invoiced_fen=min(public_fen, max(0, open_fen - elsewhere_fen)),
        due_fen=due_fen([account.pk]).get(account.pk, 0),
        invoices=tuple(invoices),
        alive=alive,
        last_bill_to_come=not alive and _last_bill_to_come(account.pk, at=at),
    )


def _spoken_for(account_id: int) -> tuple[int, Sequence[Invoice]]:
    """What prepayments' invoices do not cover yet, and which ones (BIL-3)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT invoice_id, left_fen FROM billing_prepaid_left(%s::bigint[])"
            " WHERE left_fen > 0 ORDER BY invoice_id",
            [[account_id]],
        )
        left = dict(cursor.fetchall())
    invoices = Invoice.objects.filter(pk__in=left).select_related("book").order_by("pk")
    return sum(left.values()), list(invoices) if left else []


def _alive(account_id: int, *, at: datetime) -> int:
    relations = PayRelation.objects.filter(account=account_id, valid_from__lte=at)
    paid = relations.exclude(valid_until__lte=at)
    return paid.exclude(subscription__state=Subscription.State.TERMINATED).count()


def _last_bill_to_come(account_id: int, *, at: datetime) -> bool:
    """Whether a month in which the account still paid for somebody, or a charge, is not billed."""
    since = Month.of(at).previous.first_day
    relations = PayRelation.objects.filter(account=account_id)
    ends = [
        min(end for end in pair if end is not None)
        for pair in relations.values_list("valid_until", "subscription__ended_at")
        if any(pair)
    ]
    months = {Month.of(end).first_day for end in ends}
    months |= set(Charge.objects.filter(account=account_id).values_list("month", flat=True))
    recent = {month for month in months if month >= since}
    return ClosedMonth.objects.filter(month__in=recent).count() < len(recent)
