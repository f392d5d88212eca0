"""Recovery 收回坏帐: a customer pays what had been given up (PAY-6)."""

from datetime import datetime

from django.db import transaction

from billing.models import Journal, Payment, Receipt, Recovery, WriteOff
from billing.queries.debts import due_fen
from billing.queries.house import house_ledgers
from billing.queries.locked import lock_account, lock_key
from billing.queries.written_off import write_offs
from billing.rules import house
from billing.services import cash_desk
from billing.services.posting import Leg, post
from bss.kernel import audit
from bss.kernel.rulebook import refuse
from bss.kernel.units import yuan

RULE = "PAY-6"


@transaction.atomic
def recover(
    *,
    write_off_id: int,
    amount_fen: int,
    key: str,
    at: datetime,
    by_id: int,
    means: str = "cash",
    received_fen: int | None = None,
    reference: str = "",
) -> Receipt:
    """Take money at the desk for a debt that was written off; it is booked as recovered.

    The same key again gives the first receipt.
    Source: PAY-1, PAY-3, PAY-6.
    Locks:  the key, the shift, the account.
    Raises: RefusedError (PAY-6: more than is open, or other bills come first; as
            ``cash_desk.take``); BadInputError.
    """
    lock_key(key)
    account_id = WriteOff.objects.values_list("account_id", flat=True).get(pk=write_off_id)
    before = Recovery.objects.filter(write_off=write_off_id, payment__key=key).exists()
    if not before and Payment.objects.filter(key=key).exists():
        raise refuse("PAY-1", "流水号 %(key)s 已用于另一笔收款，请核对", key=key)
    if not before and due_fen([account_id]):
        raise refuse(RULE, "帐户还有没缴的帐单，收款先缴这些帐单；缴清以后再收回坏帐")
    receipt = cash_desk.take(
        account_id=account_id,
        amount_fen=amount_fen,
        key=key,
        at=at,
        by_id=by_id,
        means=means,
        received_fen=received_fen,
        reference=reference,
    )
    if before:
        return receipt
    account = lock_account(account_id)
    given_up = write_offs().get(pk=write_off_id)
    open_fen = given_up.amount_fen - given_up.recovered_fen
    if amount_fen > open_fen:
        raise refuse(
            RULE,
            "核销 %(code)s 只有 %(open)s 元可以收回，多收的请作预存",
            code=given_up.code,
            open=yuan(open_fen),
        )
    payment = Payment.objects.get(key=key)
    _book(given_up, payment, at=at, by_id=by_id)
    audit.record(
        action="write_off.collect",
        subject=f"write_off:{write_off_id}",
        customer_id=account.owner_id,
        staff_id=by_id,
        at=at,
        detail={"amount_fen": amount_fen},
    )
    return receipt


def _book(given_up: WriteOff, payment: Payment, *, at: datetime, by_id: int) -> None:
    journal = post(
        kind=Journal.Kind.RECOVERY,
        legs=[
            Leg(ledger_id=payment.ledger_id, amount_fen=-payment.amount_fen),
            Leg(ledger_id=house_ledgers()[house.RECOVERED], amount_fen=payment.amount_fen),
        ],
        at=at,
        ref=given_up.code,
        by_id=by_id,
    )
    Recovery.objects.create(
        write_off=given_up, payment=payment, journal=journal, amount_fen=payment.amount_fen, at=at
    )
