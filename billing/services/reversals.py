"""Reversal 冲正: a payment is taken back, at most once (PAY-2)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from billing.models import Entry, Invoice, Journal, Ledger, Payment
from billing.queries.house import house_ledger
from billing.queries.locked import lock_account, lock_key
from billing.rules import house
from billing.services.by_hand import hold_to_limit
from billing.services.desk_transfers import refuse_if_confirmed
from billing.services.drawers import drawer_to_give_back, note
from billing.services.gateway_refunds import ask_back_reversed, order_to_reverse
from billing.services.posting import Leg, post
from billing.services.recovered import undo_recovery
from billing.services.settlement import settle
from billing.services.taking_back import LineEntry, legs_back, lines_to_unpay, unpay
from billing.services.unidentified import reopen
from bss.kernel import audit
from bss.kernel.models import Approval
from bss.kernel.rulebook import refuse
from channels.services.facts import record_revenue


@transaction.atomic
def reverse(
    *,
    key: str,
    at: datetime,
    by_id: int | None = None,
    supervisor: bool = False,
    approval: Approval | None = None,
    at_gateway: bool = True,
) -> Payment:
    """Take the money of a payment out of the ledger it went to, and of the drawer it came into.

    An online payment goes back the way it came, unless the gateway has no such money
    (``at_gateway`` off). What the ledger lacks is taken back from the bill lines it paid with
    cash, the latest payment first; then unpaid bills are paid again as far as other money
    reaches.
    ``supervisor``: they may reverse what another took, also after the count of that day.
    Source: PAY-2.
    Locks:  the online payment, the key, the shifts, then the account.
    Raises: RefusedError (PAY-2: unknown or reversed key, the money has gone elsewhere, a
            prepayment's invoice speaks of it, a bank has confirmed it, the cashier's day is
            closed, or it takes two).
    """
    order = order_to_reverse(key) if at_gateway else None
    lock_key(key)
    payment = Payment.objects.filter(key=key).select_related("journal").first()
    if payment is None:
        raise refuse("PAY-2", "没有流水号为 %(key)s 的收款", key=key)
    if payment.reversed_at is not None:
        raise refuse("PAY-2", "流水号 %(key)s 的收款已冲正", key=key)
    hold_to_limit(
        "reversal", rule="PAY-2", by_id=by_id, amount_fen=payment.amount_fen, approval=approval
    )
    drawer = drawer_to_give_back(payment, by_id=by_id, supervisor=supervisor)
    account = lock_account(payment.account_id)
    refuse_if_confirmed(payment.journal_id)
    _refuse_if_invoiced(payment)
    undo_recovery(payment, at=at, by_id=by_id)
    ledger = Ledger.objects.get(pk=payment.ledger_id)
    back = lines_to_unpay(ledger, amount_fen=payment.amount_fen)
    if back is None:
        raise refuse("PAY-2", "流水号 %(key)s 的款项已转出，帐户余额不足冲正", key=key)
    out = house_ledger(house.REFUND_PAYABLE) if order else _source_of(payment)
    journal = _post_reversal(payment, ledger, back, out=out, at=at, by_id=by_id)
    if drawer is not None:
        note(
            drawer,
            journal=journal,
            account_id=payment.account_id,
            means=payment.means,
            amount_fen=-payment.amount_fen,
            at=at,
        )
    unpay(back)
    reopen(payment)
    payment.reversed_at = at
    payment.save(update_fields=["reversed_at"])
    if order is not None:
        ask_back_reversed(order, payment, journal, at=at, by_id=by_id, approval=approval)
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


def _refuse_if_invoiced(payment: Payment) -> None:
    """A prepayment's invoice says that the money is there (BIL-3)."""
    invoices = Invoice.objects.filter(payment=payment)
    if not invoices.aggregate(fen=Sum("amount_fen", default=0))["fen"]:
        return
    standing = invoices.exclude(kind=Invoice.Kind.RED).select_related("book").latest("pk")
    raise refuse(
        "PAY-2",
        "这笔款已开预存发票 %(number)s，请先红冲发票再冲正",
        number=standing.full_number,
    )


def _post_reversal(
    payment: Payment,
    ledger: Ledger,
    back: Sequence[LineEntry],
    *,
    out: int,
    at: datetime,
    by_id: int | None,
) -> Journal:
    return post(
        kind=Journal.Kind.REVERSAL,
        legs=[
            *legs_back(ledger, back),
            Leg(ledger_id=ledger.pk, amount_fen=-payment.amount_fen),
            Leg(ledger_id=out, amount_fen=payment.amount_fen),
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
