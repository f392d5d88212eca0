"""What became of a payment: the bills that were paid when it came in, and what stayed."""

from dataclasses import dataclass

from django.db.models import Sum

from billing.models import Bill, Entry, Journal, Payment, Recovery


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Where a payment's money went at once. Units: fen."""

    bills: tuple[tuple[Bill, int], ...]
    recovery: Recovery | None
    stays_fen: int


def used_for(payment: Payment) -> Used:
    """The bills, the oldest first, that were paid with it and with what was there before."""
    paid = _paid_bills(payment)
    recovery = Recovery.objects.filter(payment=payment).select_related("write_off").first()
    spent_fen = sum(fen for _, fen in paid) + (recovery.amount_fen if recovery else 0)
    return Used(
        bills=tuple(paid), recovery=recovery, stays_fen=max(0, payment.amount_fen - spent_fen)
    )


def _paid_bills(payment: Payment) -> list[tuple[Bill, int]]:
    """By the journal that paid bills right after it, before the account's next payment."""
    later = Payment.objects.filter(account=payment.account_id, journal__gt=payment.journal_id)
    following = Journal.objects.filter(
        kind=Journal.Kind.BILL_PAYMENT,
        at=payment.at,
        pk__gt=payment.journal_id,
        entries__ledger__account=payment.account_id,
    ).order_by("pk")
    if next_journal := later.order_by("journal").values_list("journal", flat=True).first():
        following = following.filter(pk__lt=next_journal)
    journal = following.first()
    if journal is None:
        return []
    sums = dict(
        Entry.objects.filter(journal=journal, bill_line__isnull=False)
        .values_list("bill_line__bill")
        .annotate(fen=Sum("amount_fen"))
    )
    bills = Bill.objects.filter(pk__in=sums).order_by("month", "pk")
    return [(bill, -sums[bill.pk]) for bill in bills]
