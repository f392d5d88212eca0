"""Reversal 冲正: a payment is taken back, at most once (PAY-2)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from billing.models import Bill, BillLine, Entry, Journal, Ledger, Payment
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_account, lock_key
from billing.rules import house
from billing.rules.reversal import LineEntry, take_back
from billing.services.drawers import drawer_to_give_back, note
from billing.services.posting import Leg, post
from billing.services.settlement import settle
from bss.kernel import audit
from bss.kernel.rulebook import refuse
from channels.services.facts import record_revenue


@transaction.atomic
def reverse(
    *, key: str, at: datetime, by_id: int | None = None, supervisor: bool = False
) -> Payment:
    """Take the money of a payment out of the ledger it went to, and of the drawer it came into.

    What the ledger lacks is taken back from the bill lines it paid with cash, the latest payment
    first; then unpaid bills are paid again as far as other money reaches.
    ``supervisor``: they may reverse what another took, also after the count of that day.
    Source: PAY-2.
    Locks:  the key, the shifts, then the account.
    Raises: RefusedError (PAY-2: unknown or reversed key, the money has gone elsewhere, or the
            cashier's day is closed).
    """
    lock_key(key)
    payment = Payment.objects.filter(key=key).select_related("journal").first()
    if payment is None:
        raise refuse("PAY-2", "没有流水号为 %(key)s 的收款", key=key)
    if payment.reversed_at is not None:
        raise refuse("PAY-2", "流水号 %(key)s 的收款已冲正", key=key)
    drawer = drawer_to_give_back(payment, by_id=by_id, supervisor=supervisor)
    account = lock_account(payment.account_id)
    ledger = Ledger.objects.get(pk=payment.ledger_id)
    lacking_fen = max(0, payment.amount_fen - ledger.cash_fen)
    back = take_back(_paid_with_cash(ledger), lacking_fen=lacking_fen)
    if back is None:
        raise refuse("PAY-2", "流水号 %(key)s 的款项已转出，帐户余额不足冲正", key=key)
    journal = _post_reversal(payment, back, at=at, by_id=by_id)
    if drawer is not None:
        note(
            drawer,
            journal=journal,
            account_id=payment.account_id,
            means=payment.means,
            amount_fen=-payment.amount_fen,
            at=at,
        )
    _unpay(back)
    payment.reversed_at = at
    payment.save(update_fields=["reversed_at"])
    audit.record(
        action="payment.reverse",
        subject=f"payment:{payment.pk}",
        customer_id=account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"amount_fen": payment.amount_fen, "means": payment.means},
    )
    record_revenue(
        channel_id=payment.channel_id,
        staff_id=by_id,
        payment_ref=f"{key}:reversed",
        customer_id=account.owner_id,
        means=payment.means,
        amount_fen=-payment.amount_fen,
        at=at,
    )
    settle(account_ids=[account.pk], at=at, by_id=by_id)
    return payment


def _paid_with_cash(ledger: Ledger) -> list[LineEntry]:
    entries = Entry.objects.filter(
        ledger=ledger, bill_line__isnull=False, money=Entry.Money.CASH
    ).order_by("id")
    return [
        LineEntry(line=line, amount_fen=-amount_fen)
        for line, amount_fen in entries.values_list("bill_line_id", "amount_fen")
    ]


def _post_reversal(
    payment: Payment, back: Sequence[LineEntry], *, at: datetime, by_id: int | None
) -> Journal:
    legs = [
        Leg(ledger_id=payment.ledger_id, amount_fen=part.amount_fen, bill_line_id=part.line)
        for part in back
    ]
    returned_fen = sum(part.amount_fen for part in back)
    return post(
        kind=Journal.Kind.REVERSAL,
        legs=[
            *legs,
            Leg(ledger_id=house_ledgers()[house.RECEIVABLE], amount_fen=-returned_fen),
            Leg(ledger_id=payment.ledger_id, amount_fen=-payment.amount_fen),
            Leg(ledger_id=_source_of(payment), amount_fen=payment.amount_fen),
        ],
        at=at,
        ref=payment.key,
        by_id=by_id,
        reverses=payment.journal,
    )


def _source_of(payment: Payment) -> int:
    """The house ledger that the money came in by: a drawer's, a bank's, a gateway's."""
    source = Entry.objects.filter(
        journal=payment.journal_id, ledger__kind=Ledger.Kind.HOUSE, amount_fen__lt=0
    )
    return source.values_list("ledger_id", flat=True).get()


def _unpay(back: Sequence[LineEntry]) -> None:
    for part in back:
        BillLine.objects.filter(pk=part.line).update(paid_fen=F("paid_fen") - part.amount_fen)
        Bill.objects.filter(lines=part.line).update(paid_fen=F("paid_fen") - part.amount_fen)
