"""The desk 收银台: money that a cashier takes in a shift, with its receipt (PAY-1, PAY-3)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing.models import Journal, Ledger, Payment, Receipt
from billing.queries.locked import lock_key
from billing.rules.cash_count import CASH, DESK_MEANS, change_of
from billing.services import ledgers, payments
from billing.services.desk_transfers import refuse_if_arrived
from billing.services.drawers import hold_open_shift, note
from billing.services.receipts import issue
from bss.kernel.errors import BadInputError
from bss.kernel.rulebook import refuse

TRANSFER = Payment.Means.TRANSFER


@transaction.atomic
def take(
    *,
    account_id: int,
    amount_fen: int,
    key: str,
    at: datetime,
    by_id: int,
    means: str = CASH,
    received_fen: int | None = None,
    reference: str = "",
    ledger_name: str | None = None,
) -> Receipt:
    """Take money into the cashier's drawer and an account. The same key again: the same receipt.

    Units:  ``received_fen`` is what the customer handed over (唱收); None is the exact amount.
    Source: PAY-1, PAY-3.
    Locks:  the key, the shift, the account, the hall's receipt numbers.
    Raises: RefusedError (PAY-3 without an open shift; PAY-1, also for a transfer that the bank's
            statement has brought already); BadInputError.
    """
    received_fen = amount_fen if received_fen is None else received_fen
    _check(amount_fen=amount_fen, means=means, received_fen=received_fen, reference=reference)
    lock_key(key)
    asked = (account_id, amount_fen, means, received_fen, reference)
    if (before := _taken_before(key, asked, ledger_name=ledger_name)) is not None:
        return before
    shift = hold_open_shift(by_id)
    payment = payments.pay(
        account_id=account_id,
        amount_fen=amount_fen,
        key=key,
        at=at,
        channel_id=shift.channel_id,
        ledger_name=ledger_name,
        means=means,
        by_id=by_id,
    )
    if means == TRANSFER:
        refuse_if_arrived(reference=reference, amount_fen=amount_fen)
    movement = note(
        shift,
        journal=payment.journal,
        account_id=account_id,
        means=means,
        amount_fen=amount_fen,
        reference=reference,
        at=at,
    )
    return issue(movement, received_fen=received_fen, at=at)


@transaction.atomic
def take_for_special(
    *, means: str, reference: str, at: datetime, by_id: int, **ledger: Any
) -> Receipt:
    """Open a special ledger with money that goes into the cashier's drawer.

    ``ledger`` is what ``ledgers.open_special`` asks for.
    Locks:  the shift, the account, the hall's receipt numbers.
    Raises: RefusedError (PAY-3 without an open shift); as ``ledgers.open_special``.
    """
    amount_fen = ledger["amount_fen"]
    _check(amount_fen=amount_fen, means=means, received_fen=amount_fen, reference=reference)
    if means == TRANSFER:
        refuse_if_arrived(reference=reference, amount_fen=amount_fen)
    shift = hold_open_shift(by_id)
    opened = ledgers.open_special(
        **ledger, means=means, at=at, by_id=by_id, channel_id=shift.channel_id
    )
    granted = Journal.objects.filter(kind=Journal.Kind.GRANT, ref=ledgers.grant_ref(opened))
    movement = note(
        shift,
        journal=granted.latest("id"),
        account_id=ledger["account_id"],
        means=means,
        amount_fen=amount_fen,
        reference=reference,
        at=at,
    )
    return issue(movement, received_fen=amount_fen, at=at)


def _check(*, amount_fen: int, means: str, received_fen: int, reference: str) -> None:
    faults = []
    if amount_fen <= 0:
        faults.append(("amount", "金额须大于零。"))
    if means not in DESK_MEANS:
        faults.append(("means", "柜台只收现金、刷卡、支票和转帐。"))
    elif means == CASH:
        if change_of(amount_fen=amount_fen, received_fen=received_fen) is None:
            faults.append(("received", "唱收金额少于应收金额，请核对。"))
    elif not reference.strip():
        faults.append(("reference", "刷卡、支票和转帐须填写票据号。"))
    elif received_fen != amount_fen:
        faults.append(("received", "只有现金才找零；刷卡、支票和转帐按应收金额收取。"))
    if faults:
        raise BadInputError(*faults)


def _taken_before(key: str, asked: tuple[Any, ...], *, ledger_name: str | None) -> Receipt | None:
    payment = Payment.objects.filter(key=key).select_related("ledger").first()
    if payment is None:
        return None
    receipt = (
        Receipt.objects.filter(movement__journal=payment.journal_id)
        .select_related("movement")
        .first()
    )
    if ledger_name is None:
        same_ledger = payment.ledger.kind == Ledger.Kind.PUBLIC
    else:
        same_ledger = payment.ledger.name == ledger_name
    if (
        receipt is None
        or not same_ledger
        or asked
        != (
            payment.account_id,
            payment.amount_fen,
            payment.means,
            receipt.received_fen,
            receipt.movement.reference,
        )
    ):
        raise refuse("PAY-1", "流水号 %(key)s 已用于另一笔收款，请核对", key=key)
    return receipt
